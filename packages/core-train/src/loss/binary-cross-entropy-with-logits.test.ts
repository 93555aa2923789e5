import { binaryCrossEntropyWithLogits, gradient } from "@pellucid/core-train";
import { checkGradient } from "@pellucid/testing";
import { type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor1d([0.5, -2, 3]);
const y = tensor1d([1, 0, 0.25]);

test("small losses keep their digits", () => {
  const sure = tensor1d([-20, 20, -50]);
  const losses = binaryCrossEntropyWithLogits(sure, tensor1d([0, 1, 0]), { reduction: "none" });
  expect(losses).toBeAllclose([Math.exp(-20), Math.exp(-20), Math.exp(-50)], { rtol: 1e-5, atol: 0 });
});

test("the gradient has a gradient", () => {
  checkGradient(
    gradient((input: Tensor) => binaryCrossEntropyWithLogits(input, y)),
    x,
  );
});

test("the target has a gradient too, for labels that are themselves learned", () => {
  checkGradient((target: Tensor) => binaryCrossEntropyWithLogits(x, target), y);
});
