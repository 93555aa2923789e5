import { gradient, prelu, PReLU, ShapeError, stateOf } from "@pellucid/core-train";
import { sum, tensor, type Tensor1D, tensor1d, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = tensor([
  [-1, 2],
  [0, -4],
]);

test("each channel has its own slope below 0, which is also that at 0", () => {
  const weight = tensor1d([0.5, 0.1]);
  expect(prelu(x, weight)).toBeAllclose([-0.5, 2, 0, -0.4]);
  expect(gradient((at) => prelu(at, weight))(x)).toBeAllclose([0.5, 1, 0.5, 0.1]);
  expect(gradient((w: Tensor1D) => sum(prelu(x, w)))(weight)).toBeAllclose([-1, -4]);
});

test("its gradients have gradients", () => {
  const weight = tensor1d([0.5]);
  const slope = gradient((w: Tensor1D) => sum(gradient((at) => prelu(at, w))(x)));
  expect(slope(weight)).toBeAllclose([3]);
});

test("the layer starts with one weight of 0.25", () => {
  expect(Object.keys(stateOf(new PReLU()))).toEqual(["weight"]);
  expect(new PReLU().weight).toBeAllclose([0.25]);
});

test("a weight for other channels is refused", () => {
  expect(() => prelu(x, zeros([3]))).toThrow(
    new ShapeError("prelu: weight is [3], expected [1] or one value per channel of x, which is [2, 2]."),
  );
});
