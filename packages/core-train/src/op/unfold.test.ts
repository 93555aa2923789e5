import { fold, ShapeError, unfold } from "@pellucid/core-train";
import { ones, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("each row lists its window channel by channel", () => {
  const image = tensor4d([1, 10, 2, 20, 3, 30, 4, 40], [1, 2, 2, 2]);
  expect(unfold(image, 2)).toBeAllclose([1, 2, 3, 4, 10, 20, 30, 40]);
});

test("folding adds up what windows share", () => {
  const image = ones([1, 3, 3, 1]) as Tensor4D;
  expect(fold(unfold(image, 2), 3, 2)).toBeAllclose([1, 2, 1, 2, 4, 2, 1, 2, 1]);
});

test("a window larger than the image is refused", () => {
  expect(() => unfold(ones([1, 2, 2, 1]), 3)).toThrow(
    new ShapeError(
      "unfold: the image is 2 x 2, too small for a window of 3 x 3 with dilation 1 and padding 0.",
    ),
  );
});

test("rows of another number of windows are refused", () => {
  expect(() => fold(ones([1, 3, 4]), 3, 2)).toThrow(
    new ShapeError("fold: x is [1, 3, 4], expected [batch, 4, feature]."),
  );
});
