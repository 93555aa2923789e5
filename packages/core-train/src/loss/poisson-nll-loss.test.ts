import { gradient, poissonNllLoss } from "@pellucid/core-train";
import { log, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("is smallest where the rate is the count", () => {
  const counts = tensor1d([1, 2, 7]);
  expect(gradient((input: Tensor) => poissonNllLoss(input, counts))(log(counts))).toBeAllclose([0, 0, 0]);
});

test("Stirling's term is left out for counts up to 1, also in the gradient of the count", () => {
  const [rates, counts] = [tensor1d([0, 0, 0]), tensor1d([0, 1, 2])];
  const losses = poissonNllLoss(rates, counts, { full: true, reduction: "none" });
  expect(losses).toBeAllclose([1, 1, 1 + 2 * Math.log(2) - 2 + 0.5 * Math.log(4 * Math.PI)]);
  const gradients = gradient((y: Tensor) => poissonNllLoss(rates, y, { full: true, reduction: "sum" }))(
    counts,
  );
  expect(gradients).toBeAllclose([0, 0, Math.log(2) + 0.25]);
});
