import { type BackendName, useBackend } from "@pellucid/backends";
import { checkAgainstTorch, fixture, titleOf, type TorchCase } from "@pellucid/testing";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type RoiArgs, roiOps } from "./roi-ops.ts";

const { cases } = fixture<{ cases: TorchCase<RoiArgs>[] }>(import.meta.url, "../fixtures/torch/roi-ops.json");

const backends: readonly BackendName[] = ["cpu", "wasm"];

describe.each(backends)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(cases.map((c) => [titleOf({ ...c, args: { ...c.args, rois: undefined } }), c] as const))(
    "%s is torchvision's",
    (_, c) => {
      const run = roiOps[c.op] as (typeof roiOps)[string];
      checkAgainstTorch(c, (...inputs) => run(c.args, inputs));
    },
  );
});
