import "@pellucid/testing/setup";
import { useBackend } from "@pellucid/backends";
import { checkAgainstTorchLater, titleOf, type TorchCase } from "@pellucid/testing";
import { beforeAll, describe, test } from "vitest";
import { cases } from "../fixtures/torch/roi-ops.json";
import { type RoiArgs, roiOps } from "./roi-ops.ts";

describe("on WebGPU", () => {
  beforeAll(() => useBackend({ only: "webgpu" }));

  test.each(
    (cases as unknown as TorchCase<RoiArgs>[]).map(
      (c) => [titleOf({ ...c, args: { ...c.args, rois: undefined } }), c] as const,
    ),
  )("%s is torchvision's", (_, c) => {
    const run = roiOps[c.op] as (typeof roiOps)[string];
    return checkAgainstTorchLater(c, (...inputs) => run(c.args, inputs));
  });
});
