import { gradient, relu, Rng } from "@pellucid/core-train";
import {
  completenessDelta,
  deconvnet,
  deepLift,
  gradientShap,
  guidedBackprop,
  inputXGradient,
  integratedGradients,
  saliency,
  smooth,
  smoothGrad,
} from "@pellucid/interpret";
import { add, pow, square, sub, sum, type Tensor1D, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { column, largest, linearScore, product } from "./small-scores.ts";

test("input times gradient of x1 x2 is not complete", () => {
  expect(inputXGradient(product)(tensor2d([[2, 3]]))).toBeAllclose([6, 6]);
});

test("integrated gradients of x1³ + x1 x2 at (2, 4) are (12, 4), with five steps", async () => {
  const score = (x: Tensor2D) => add<Tensor1D>(pow(column(x, 0), 3), product(x));
  const x = tensor2d([[2, 4]]);
  const map = await integratedGradients(score, { steps: 5 })(x);
  expect(map).toBeAllclose([12, 4]);
  expect(completenessDelta(score, { map, x })).toBeAllclose([0], { atol: 1e-5 });
});

test("integrated gradients and DeepLIFT see what a flat gradient hides: 1 - relu(1 - x) at 2", async () => {
  const score = (x: Tensor2D) => column(sub(1, relu(sub(1, x))) as Tensor2D, 0);
  const x = tensor2d([[2]]);
  expect(saliency(score)(x)).toBeAllclose([0]);
  expect(deepLift(score)(x)).toBeAllclose([1]);
  expect(await integratedGradients(score, { steps: 200 })(x)).toBeAllclose([1], { atol: 5e-3 });
});

test("integrated gradients share a product evenly and give a maximum to the larger", async () => {
  expect(await integratedGradients(product)(tensor2d([[2, 3]]))).toBeAllclose([3, 3]);
  expect(await integratedGradients(largest)(tensor2d([[1, 2]]))).toBeAllclose([0, 2]);
});

test("of a linear score, integrated gradients are exact for any number of steps: defect 1 of Captum's trapezoids", async () => {
  for (const steps of [1, 2, 50]) {
    const map = await integratedGradients(linearScore([3, -2]), { steps })(tensor2d([[1, 2]]));
    expect(map).toBeAllclose([3, -4]);
  }
});

test("SmoothGrad keeps signs until the mean: defect 5 of Captum's noise tunnel", async () => {
  const score = (x: Tensor2D) => sum(square(x), 1) as Tensor1D;
  const x = tensor2d([[1, 0]]);
  const options = { rng: new Rng(3), samples: 2000, noise: 1 };
  expect(await smoothGrad(score, options)(x)).toBeAllclose([2, 0], { rtol: 0, atol: 0.15 }); // Captum: 2.33
  const variance = await smooth(saliency(score), { ...options, combine: "variance" })(x);
  expect(variance).toBeAllclose([4, 4], { rtol: 0, atol: 0.4 });
  expect(await smoothGrad(score, { rng: new Rng(0), samples: 3, noise: 0 })(x)).toBeAllclose([2, 0]);
});

test("GradientSHAP of a linear score is w (x - mean baseline)", async () => {
  const baselines = tensor2d([[0, 2]]);
  const map = await gradientShap(linearScore([3, -2]), { rng: new Rng(0), baselines, samples: 7 })(
    tensor2d([[1, 1]]),
  );
  expect(map).toBeAllclose([3, 2]);
});

test("guided backprop and deconvnet of relu(x1) - 2 relu(x2) + 3 relu(x3) at (1, 2, -3)", () => {
  const score = (x: Tensor2D) => linearScore([1, -2, 3])(relu(x));
  const x = tensor2d([[1, 2, -3]]);
  expect(saliency(score)(x)).toBeAllclose([1, -2, 0]);
  expect(guidedBackprop(score)(x)).toBeAllclose([1, 0, 0]);
  expect(deconvnet(score)(x)).toBeAllclose([1, 0, 3]);
  expect(gradient(score)(x)).toBeAllclose([1, -2, 0]);
});
