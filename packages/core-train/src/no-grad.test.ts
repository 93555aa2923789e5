import { detach, gradient, noGrad } from "@pellucid/core-train";
import { argMax, mul, square, tensor1d, topk } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("what is detached counts as constant", () => {
  const found = gradient((x) => mul(x, detach(x)))(tensor1d([2, 3]));
  expect(found).toBeAllclose([2, 3]);
});

test("ops without a gradient can be used inside noGrad", () => {
  const found = gradient((x) =>
    mul(
      square(x),
      noGrad(() => topk(x, 1).values),
    ),
  )(tensor1d([2, 3]));
  expect(found).toBeAllclose([12, 18]);
});

test("gradients are recorded again after a body that throws", () => {
  const fail = () =>
    noGrad(() => {
      throw new Error("body");
    });
  expect(fail).toThrow("body");
  expect(gradient((x) => square(x))(tensor1d([3]))).toBeAllclose([6]);
});

test("detach and noGrad leak no tensors", () => {
  const x = tensor1d([2, 3]);
  expect(() => detach(x)).toLeakNothing();
  expect(() => noGrad(() => argMax(x))).toLeakNothing();
});
