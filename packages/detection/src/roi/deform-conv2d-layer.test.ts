import { useBackend } from "@pellucid/backends";
import type { Rng } from "@pellucid/core-train";
import { DeformConv2d } from "@pellucid/detection";
import { checkLayerAgainstTorch, fixture, type TestedLayer, type TorchLayerCase } from "@pellucid/testing";
import type { Tensor } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, test } from "vitest";

const { cases } = fixture<{ cases: TorchLayerCase[] }>(
  import.meta.url,
  "../../fixtures/torch/deform-conv2d-layers.json",
);

const make: Readonly<Record<string, (rng: Rng) => TestedLayer>> = {
  "with a mask": (rng) => new DeformConv2d(2, 3, 3, { rng, padding: 1 }),
  "in groups, strided, without a bias": (rng) =>
    new DeformConv2d(4, 2, [2, 3], { rng, stride: 2, groups: 2, bias: false }),
};

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(cases.map((c) => [c.title, c] as const))(
    "a deformable convolution agrees with torchvision: %s",
    (title, c) =>
      checkLayerAgainstTorch(
        c,
        make[title] as (rng: Rng) => TestedLayer,
        ([x, offset, mask]: readonly Tensor[]) => ({
          x,
          offset,
          ...(mask === undefined ? {} : { mask }),
        }),
      ),
  );
});
