import { Conv2d, Rng } from "@pellucid/core-train";
import { cam, gradCam, hiResCam } from "@pellucid/interpret";
import { mean, mul, type Rank, reshape, sum, type Tensor1D, type Tensor4D } from "@tensorflow/tfjs-core";
import { sines } from "@pellucid/testing";
import { expect, test } from "vitest";

const layer = new Conv2d(1, 3, 3, { rng: new Rng(0) });
const score = (x: Tensor4D) => sum<Tensor1D>(layer.forward(x), [1, 2, 3]); // [batch]

test("a custom weighting makes a class activation map: the mean of gradients is Grad-CAM", () => {
  const own = cam((activations, gradients, axes) => mul(activations, mean(gradients, axes, true)));
  const x = reshape<Rank.R4>(sines([36]), [1, 6, 6, 1]);
  expect(own(score, layer)(x)).toBeAllclose(gradCam(score, layer)(x));
});

test("where all gradients are equal their mean changes nothing", () => {
  const x = reshape<Rank.R4>(sines([36]), [1, 6, 6, 1]);
  expect(hiResCam(score, layer)(x)).toBeAllclose(gradCam(score, layer)(x));
});
