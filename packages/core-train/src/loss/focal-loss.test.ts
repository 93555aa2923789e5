import { binaryCrossEntropyWithLogits, focalLoss, gradient } from "@pellucid/core-train";
import { type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const [x, y] = [tensor1d([0, -200, 200, 200]), tensor1d([1, 0, 0, 1])];

test("without gamma and alpha it is the cross-entropy", () => {
  const losses = focalLoss(x, y, { gamma: 0, alpha: -1 });
  expect(losses).toBeAllclose(binaryCrossEntropyWithLogits(x, y, { reduction: "none" }));
});

test("a confident correct prediction has loss 0 and gradient 0, not NaN", () => {
  for (const gamma of [0, 1, 2, 2.5]) {
    const gradients = gradient((input: Tensor) => focalLoss(input, y, { gamma, reduction: "sum" }))(x);
    expect(gradients.dataSync()[1]).toBeCloseTo(0);
    expect(gradients.dataSync()[2]).toBeCloseTo(0.75);
    expect(gradients.dataSync()[3]).toBeCloseTo(0);
  }
});
