import { affineGrid, gridSample, OptionError, ShapeError } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { type Rank, tensor3d, type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

const image = sines([2, 3, 4, 2]) as Tensor4D;

describe("gridSample", () => {
  test("the grid of the identity gives the input", () => {
    const theta = tensor3d([1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0], [2, 2, 3]);
    for (const alignCorners of [false, true]) {
      const grid = affineGrid(theta, [3, 4], { alignCorners });
      expect(gridSample(image, grid, { alignCorners })).toBeAllclose(image, { rtol: 0, atol: 1e-6 });
    }
  });

  test("no points and no images give nothing", () => {
    expect(gridSample(image, zeros([2, 0, 4, 2]))).toHaveShape([2, 0, 4, 2]);
    expect(gridSample(zeros<Rank.R4>([0, 3, 4, 2]), zeros([0, 5, 6, 2]))).toHaveShape([0, 5, 6, 2]);
  });

  test("refuses another batch, another last axis, no pixels, and bicubic volumes", () => {
    expect(() => gridSample(image, zeros([1, 5, 6, 2]))).toThrow(
      new ShapeError("gridSample: grid is [1, 5, 6, 2], expected [2, height, width, 2]."),
    );
    expect(() => gridSample(image, zeros([2, 5, 6, 3]))).toThrow(
      new ShapeError("gridSample: grid is [2, 5, 6, 3], expected [2, height, width, 2]."),
    );
    expect(() => gridSample(zeros<Rank.R4>([2, 0, 4, 2]), zeros([2, 5, 6, 2]))).toThrow(
      new ShapeError("gridSample: x is [2, 0, 4, 2], expected at least one pixel to sample."),
    );
    const volume = zeros<Rank.R5>([1, 2, 2, 2, 1]);
    expect(() => gridSample(volume, zeros<Rank.R5>([1, 1, 1, 1, 3]), { mode: "bicubic" })).toThrow(
      new OptionError("gridSample", "mode", '"bicubic"', '"bilinear" or "nearest" for volumes'),
    );
  });
});
