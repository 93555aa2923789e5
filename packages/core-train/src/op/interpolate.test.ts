import { gradient, interpolate, OptionError, ShapeError } from "@pellucid/core-train";
import { ones, type Tensor3D, type Tensor4D, tensor3d, tensor4d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("linear interpolation between two values, with numbers computed by hand", () => {
  const line = tensor3d([0, 4], [1, 2, 1]);
  expect(interpolate(line, { size: 4, mode: "linear" })).toBeAllclose([0, 1, 3, 4]);
  expect(interpolate(line, { size: 5, mode: "linear", alignCorners: true })).toBeAllclose([0, 1, 2, 3, 4]);
  expect(interpolate(line, { size: 4 })).toBeAllclose([0, 0, 4, 4]);
});

test("gradients have the same weights as the outputs", () => {
  const derivative = gradient((x: Tensor3D) => interpolate(x, { size: 5, mode: "nearest-exact" }));
  expect(derivative(tensor3d([1, 2, 3], [1, 3, 1]))).toBeAllclose([2, 1, 2]);
});

test("an output of the input's size is a copy", () => {
  const image = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const same = interpolate(image, { size: 2, mode: "bicubic" });
  expect(same).toBeAllclose([1, 2, 3, 4]);
  same.dispose();
  expect(image.isDisposed).toBe(false);
});

test("a mode for another number of axes is refused", () => {
  expect(() => interpolate(ones([1, 2, 1]) as Tensor3D, { size: 4, mode: "bilinear" })).toThrow(
    new ShapeError("interpolate bilinear: x is [1, 2, 1], expected [batch, height, width, channel]."),
  );
});

test("options that exclude each other are refused", () => {
  const image = ones([1, 2, 2, 1]) as Tensor4D;
  expect(() => interpolate(image, {})).toThrow(
    new OptionError("interpolate", "size", undefined, "either size or scaleFactor"),
  );
  expect(() => interpolate(image, { size: 4, scaleFactor: 2 })).toThrow(OptionError);
  expect(() => interpolate(image, { scaleFactor: 0.3 })).toThrow(
    new OptionError("interpolate", "scaleFactor", 0.3, "what leaves at least one number of each axis"),
  );
  expect(() => interpolate(image, { size: 4, alignCorners: true })).toThrow(
    new OptionError("interpolate", "alignCorners", true, "false for mode nearest"),
  );
});

test("leaks no tensors", () => {
  const image = ones([1, 3, 4, 1]) as Tensor4D;
  expect(() => interpolate(image, { size: [5, 7], mode: "bicubic" })).toLeakNothing();
  expect(() => interpolate(image, { scaleFactor: 2 })).toLeakNothing();
});
