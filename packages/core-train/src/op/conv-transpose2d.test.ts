import { convTranspose2d, ShapeError, WindowError } from "@pellucid/core-train";
import { ones, type Tensor1D, tensor4d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("a 2 x 2 window at stride 2 makes copies that do not overlap, with numbers computed by hand", () => {
  const y = convTranspose2d(
    tensor4d([1, 2, 3, 4], [1, 2, 2, 1]),
    tensor4d([1, 10, 100, 1000], [2, 2, 1, 1]),
    null,
    {
      stride: 2,
    },
  );
  expect(y).toBeAllclose([1, 10, 2, 20, 100, 1000, 200, 2000, 3, 30, 4, 40, 300, 3000, 400, 4000]);
});

test("stride 2 with padding 1 doubles 2 x 2 to 4 x 4", () => {
  expect(
    convTranspose2d(ones([1, 2, 2, 3]), ones([4, 4, 5, 3]), null, { stride: 2, padding: 1 }),
  ).toHaveShape([1, 4, 4, 5]);
});

test("channels that do not match are refused", () => {
  expect(() => convTranspose2d(ones([1, 2, 2, 3]), ones([2, 2, 5, 4]))).toThrow(
    new ShapeError("convTranspose2d: x is [1, 2, 2, 3], expected [batch, height, width, 4]."),
  );
  expect(() => convTranspose2d(ones([1, 2, 2, 3]), ones([2, 2, 5, 3]), null, { groups: 2 })).toThrow(
    new ShapeError("convTranspose2d: weight has 3 input channels, expected a multiple of groups (2)."),
  );
  expect(() => convTranspose2d(ones([1, 2, 2, 3]), ones([2, 2, 5, 3]), ones([4]) as Tensor1D)).toThrow(
    new ShapeError("convTranspose2d: bias is [4], expected [5]."),
  );
});

test("output padding as large as the stride is refused", () => {
  expect(() =>
    convTranspose2d(ones([1, 2, 2, 3]), ones([2, 2, 5, 3]), null, { stride: 2, outputPadding: 2 }),
  ).toThrow(
    new WindowError("convTranspose2d: outputPadding is 2, expected less than stride 2 or dilation 1."),
  );
});

test("padding that leaves the output empty is refused", () => {
  expect(() => convTranspose2d(ones([1, 1, 1, 3]), ones([2, 2, 5, 3]), null, { padding: 1 })).toThrow(
    new ShapeError(
      "convTranspose2d: x is [1, 1, 1, 3], too small for padding 1: the output would be empty. Pass less padding or a larger input.",
    ),
  );
});
