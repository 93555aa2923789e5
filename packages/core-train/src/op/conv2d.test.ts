import { conv2d, type Conv2dOptions, gradient, ShapeError, WindowError } from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { ones, square, sum, type Tensor1D, type Tensor4D, tensor4d, zeros } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

const image = tensor4d(
  [3, 4, 6, 5, 7, 2, 4, 6, 8, 2, 1, 6, 7, 8, 4, 9, 7, 4, 6, 2, 3, 7, 5, 4, 1],
  [1, 5, 5, 1],
);
const oneToNine = tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3, 1, 1]);

test("a 3 x 3 window over 100 x 100 gives 98 x 98", () => {
  expect(conv2d(zeros([1, 100, 100, 5]), zeros([3, 3, 5, 10]))).toHaveShape([1, 98, 98, 10]);
});

test("padding 1 keeps 5 x 5, with numbers computed by hand", () => {
  expect(conv2d(image, oneToNine, null, { padding: 1 })).toBeAllclose([
    91, 168, 224, 215, 127, 114, 211, 295, 262, 149, 192, 259, 282, 214, 122, 194, 251, 253, 169, 86, 96, 112,
    110, 68, 31,
  ]);
});

test("a width of 15 with filters of 2 at stride 2 gives 7", () => {
  expect(conv2d(zeros([1, 15, 15, 1]), zeros([2, 2, 1, 1]), null, { stride: 2 })).toHaveShape([1, 7, 7, 1]);
});

test("stride 2 gives 2 x 2, with numbers computed by hand", () => {
  expect(conv2d(image, oneToNine, null, { stride: 2 })).toBeAllclose([211, 262, 251, 169]);
});

describe("second order", () => {
  const bias = sines([4], 0.2) as Tensor1D;
  test.each<[string, number, Conv2dOptions]>([
    ["dense", 2, { padding: 1 }],
    ["strided", 2, { stride: 2 }],
    ["dilated", 2, { dilation: 2, padding: 1 }],
    ["strided and dilated", 2, { stride: 2, dilation: 2, padding: 1 }],
    ["in groups", 1, { groups: 2 }],
    ["one filter per channel", 1, { groups: 4, dilation: 2 }],
  ])("%s", (_, perGroup, options) => {
    const inChannels = perGroup * (options.groups ?? 1);
    const x = sines([1, 5, 4, inChannels], 0.1) as Tensor4D;
    const weight = sines([2, 2, perGroup, 4], 0.5) as Tensor4D;
    const energy = (at: Tensor4D, w: Tensor4D) => sum(square(conv2d(at, w, bias, options)));
    checkGradient((at: Tensor4D) => gradient((w: Tensor4D) => energy(at, w))(weight), x);
    checkGradient((at: Tensor4D) => gradient((own: Tensor4D) => energy(own, weight))(at), x);
    checkGradient((w: Tensor4D) => gradient((at: Tensor4D) => energy(at, w))(x), weight);
    checkGradient((w: Tensor4D) => gradient((own: Tensor4D) => energy(x, own))(w), weight);
  });
});

describe("errors", () => {
  test("channels that do not match the weight", () => {
    expect(() => conv2d(ones([1, 5, 5, 3]), ones([3, 3, 4, 2]))).toThrow(
      new ShapeError("conv2d: x is [1, 5, 5, 3], expected [batch, height, width, 4]."),
    );
  });
  test("filters that are not a multiple of groups", () => {
    expect(() => conv2d(ones([1, 5, 5, 4]), ones([3, 3, 2, 3]), null, { groups: 2 })).toThrow(
      new ShapeError("conv2d: weight has 3 filters, expected a multiple of groups (2)."),
    );
  });
  test("a window larger than the padded image", () => {
    expect(() => conv2d(ones([1, 3, 5, 1]), ones([3, 3, 1, 1]), null, { dilation: 2 })).toThrow(
      new ShapeError(
        "conv2d: x is [1, 3, 5, 1], with padding 3 x 5, but the window spans 5 x 5. " +
          "Pass a larger input, more padding or a smaller kernel.",
      ),
    );
  });
  test('padding "same" with a stride', () => {
    expect(() => conv2d(image, oneToNine, null, { padding: "same", stride: 2 })).toThrow(
      new WindowError('conv2d: padding "same" needs stride 1, but stride is 2.'),
    );
  });
  test("sizes that are not integers, or too small", () => {
    expect(() => conv2d(image, oneToNine, null, { stride: 0 })).toThrow(
      new WindowError("conv2d: stride is 0, expected an integer of at least 1, or 2 of them."),
    );
    expect(() => conv2d(image, oneToNine, null, { padding: [1, 0.5] })).toThrow(
      new WindowError("conv2d: padding is [1, 0.5], expected an integer of at least 0, or 2 of them."),
    );
  });
});

test("leaks no tensors", () => {
  expect(() => conv2d(image, oneToNine, null, { padding: 1, dilation: 2 })).toLeakNothing();
  expect(() => gradient((x: Tensor4D) => conv2d(x, oneToNine, null, { dilation: 2 }))(image)).toLeakNothing();
});
