import "@pellucid/testing/setup";
import { useBackend } from "@pellucid/backends";
import { checkAgainstTorchLater, titleOf, type TorchCase } from "@pellucid/testing";
import type { Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, test } from "vitest";
import { type OpArgs, ops } from "./rows/ops.ts";

const files = import.meta.glob<{ cases: TorchCase<OpArgs>[] }>(
  "../fixtures/torch/{*-ops,pairwise-distance}.json",
  { import: "default", eager: true },
);
const cases = Object.entries(files).flatMap(([file, { cases: found }]) =>
  file.endsWith("/tfjs-ops.json") ? [] : found,
);

/** Some of each op: the software adapter takes a tenth of a second for a case. */
const some = [...new Set(cases.map(({ op }) => op))].flatMap((op) => {
  const found = cases.filter((c) => c.op === op);
  return found.filter((_, i) => i % Math.ceil(found.length / 3) === 0);
});

describe("on WebGPU", () => {
  beforeAll(() => useBackend({ only: "webgpu" }));

  test.each(some.map((c) => [titleOf(c), c] as const))("%s is PyTorch's", (_, c) => {
    const call = ops[c.op] as (typeof ops)[string];
    return checkAgainstTorchLater(c, (...inputs) => call(c.args, ...(inputs as [Tensor, Tensor, Tensor])));
  });
});
