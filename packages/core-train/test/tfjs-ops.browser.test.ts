import "@pellucid/testing/setup";
import { useBackend } from "@pellucid/backends";
import { checkAgainstTorchLater, titleOf, type TorchCase } from "@pellucid/testing";
import { beforeAll, describe, test } from "vitest";
import lint from "../../../.oxlintrc.json?raw";
import fixture from "../fixtures/torch/tfjs-ops.json?raw";
import { allowedOps, type TfjsArgs, tfjsOp } from "./rows/tfjs-ops.ts";

const allowed = allowedOps(lint);
const { cases } = JSON.parse(fixture) as { cases: TorchCase<TfjsArgs>[] };

/** What WebGPU's language lets be off by 2⁻¹¹, or as much for tiny numbers. */
const rough = "acos asinh atanh cos sin sinh tan tanh".split(" ");

describe("on WebGPU", () => {
  beforeAll(() => useBackend({ only: "webgpu" }));

  const verified = cases.filter((c) => allowed.has(c.op) && !rough.includes(c.op));
  test.each(verified.map((c) => [titleOf(c), c] as const))("%s is PyTorch's", (_, c) =>
    checkAgainstTorchLater(c, tfjsOp(c)),
  );
});
