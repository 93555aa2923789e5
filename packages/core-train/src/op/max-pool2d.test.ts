import { useBackend } from "@pellucid/backends";
import { gradient, maxPool1d, maxPool2d, maxPool3d, ShapeError, WindowError } from "@pellucid/core-train";
import { checkGradient } from "@pellucid/testing";
import {
  exp,
  ones,
  square,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tensor4d,
  type Tensor5D,
  zeros,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const image = tensor4d([3, 4, 6, 5, 2, 4, 6, 8, 1, 6, 7, 8, 9, 7, 4, 6], [1, 4, 4, 1]);

test("2 x 2 over 4 x 4, with numbers computed by hand", () => {
  expect(maxPool2d(image, 2)).toBeAllclose([4, 8, 9, 8]);
});

test("a last row that does not fill a window is dropped", () => {
  expect(maxPool2d(zeros([1, 251, 125, 2]), 2)).toHaveShape([1, 125, 62, 2]);
});

test("of equal maxima, the first in row-major order gets the gradient", () => {
  const derivative = gradient((x: Tensor4D) => maxPool2d(x, 2))(zeros([1, 4, 4, 1]));
  expect(derivative).toBeAllclose([1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
});

describe.each(["cpu", "wasm"] as const)("second order on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));
  // far enough apart that no finite difference changes which one is the largest
  const apart = Array.from({ length: 50 }, (_, i) => ((i * 37) % 50) / 25 - 1);
  test.each([{ stride: 1 }, { stride: 2, padding: 1, ceilMode: true }, { stride: 1, dilation: 2 }])(
    "%j",
    (options) => {
      const x = tensor4d(apart, [1, 5, 5, 2]);
      const energy = (at: Tensor4D) => sum(square(maxPool2d(exp(at), 2, options)));
      checkGradient((at: Tensor4D) => gradient(energy)(at), x, { step: 2e-3 });
    },
  );
});

describe("errors", () => {
  test("padding of more than half a window", () => {
    expect(() => maxPool2d(image, 3, { padding: 2 })).toThrow(
      new WindowError(
        "maxPool2d: padding is 2, expected at most half of the kernel size 3: every window must overlap the input.",
      ),
    );
  });
  test("a window larger than the input", () => {
    expect(() => maxPool2d(image, 5)).toThrow(
      new ShapeError(
        "maxPool2d: x is [1, 4, 4, 1], too small for a window that spans 5 with padding 0. " +
          "Pass a larger input, more padding or a smaller kernel.",
      ),
    );
  });
  test("an input of another rank", () => {
    const flat = ones([4, 4]);
    expect(() => maxPool1d(flat as Tensor as Tensor3D, 2)).toThrow(
      new ShapeError("maxPool1d: x is [4, 4], expected [batch, time, channel]."),
    );
    expect(() => maxPool3d(flat as Tensor as Tensor5D, 2)).toThrow(
      new ShapeError("maxPool3d: x is [4, 4], expected [batch, depth, height, width, channel]."),
    );
  });
});

test("leaks no tensors", () => {
  expect(() => maxPool2d(image, 2)).toLeakNothing();
  expect(() => gradient((x: Tensor4D) => maxPool2d(x, 2, { dilation: 2, stride: 1 }))(image)).toLeakNothing();
});
