import { flatten, Flatten } from "@pellucid/core-train";
import { checkGradient } from "@pellucid/testing";
import { range, reshape, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const counting = (...shape: number[]): Tensor =>
  reshape(
    range(
      0,
      shape.reduce((n, size) => n * size, 1),
    ),
    shape,
  );

test("images are read channel by channel, as PyTorch stores them", () => {
  const images = counting(2, 2, 2, 3); // [batch, height, width, channel]
  const y = new Flatten().forward(images);
  expect(y).toHaveShape([2, 12]);
  expect(y).toBeAllclose([
    [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11],
    [12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23],
  ]);
});

test("volumes are read channel by channel", () => {
  expect(flatten(counting(1, 2, 1, 2, 2))).toBeAllclose([0, 2, 4, 6, 1, 3, 5, 7]);
});

test("sequences are read as they are", () => {
  expect(flatten(counting(1, 2, 3))).toBeAllclose([0, 1, 2, 3, 4, 5]);
});

test("rows and single numbers become rows", () => {
  expect(flatten(counting(2, 3))).toHaveShape([2, 3]);
  expect(flatten(counting(2))).toHaveShape([2, 1]);
  expect(flatten(tensor([], [0, 4, 4, 2]))).toHaveShape([0, 32]);
});

test("its gradient goes back to where each number came from", () => {
  checkGradient(flatten, counting(1, 2, 2, 2));
});

test("it leaks no tensors", () => {
  const images = counting(1, 2, 2, 2);
  expect(() => flatten(images)).toLeakNothing();
});
