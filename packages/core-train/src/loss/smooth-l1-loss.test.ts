import { gradient, l1Loss, OptionError, smoothL1Loss } from "@pellucid/core-train";
import { type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const [x, y] = [tensor1d([1, -2, 7]), tensor1d([1, 1, -3])];

test("with beta 0 it is the absolute error, with gradient 0 where there is none", () => {
  expect(smoothL1Loss(x, y, { beta: 0 })).toBeAllclose(l1Loss(x, y));
  const gradients = gradient((input: Tensor) => smoothL1Loss(input, y, { beta: 0, reduction: "sum" }))(x);
  expect(gradients).toBeAllclose([0, -1, 1]);
});

test("beta is not negative", () => {
  expect(() => smoothL1Loss(x, y, { beta: -1 })).toThrow(
    new OptionError("smoothL1Loss", "beta", -1, "0 or more"),
  );
});
