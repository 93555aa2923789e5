import { avgPool2d, gradient } from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { mul, square, sum, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const image = tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);

test("the zeros of the padding count by default", () => {
  const options = { stride: 1, padding: 1 };
  expect(avgPool2d(image, 3, options)).toBeAllclose(
    [12, 21, 16, 27, 45, 33, 24, 39, 28].map((total) => total / 9),
  );
  expect(avgPool2d(image, 3, { ...options, countIncludePad: false })).toBeAllclose([
    3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7,
  ]);
});

test("the second-order gradient", () => {
  const x = sines([1, 5, 4, 2], 0.4) as Tensor4D;
  const energy = (at: Tensor4D) =>
    sum(square(avgPool2d(mul<Tensor4D>(at, at), 3, { stride: 2, padding: 1, ceilMode: true })));
  checkGradient((at: Tensor4D) => gradient(energy)(at), x);
});

test("leaks no tensors", () => {
  expect(() => avgPool2d(image, 2, { padding: 1 })).toLeakNothing();
  expect(() => gradient((x: Tensor4D) => avgPool2d(x, 2, { padding: 1 }))(image)).toLeakNothing();
});
