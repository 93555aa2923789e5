import { affineGrid, ShapeError, WindowError } from "@pellucid/core-train";
import { zeros } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

describe("affineGrid", () => {
  test("an empty batch gives nothing", () => {
    expect(affineGrid(zeros([0, 2, 3]), [4, 5])).toHaveShape([0, 4, 5, 2]);
  });

  test("refuses another map and an empty image", () => {
    expect(() => affineGrid(zeros([1, 3, 4]), [4, 5])).toThrow(
      new ShapeError("affineGrid: theta is [1, 3, 4], expected [batch, 2, 3]."),
    );
    expect(() => affineGrid(zeros([1, 2, 3]), [4, 0])).toThrow(
      new WindowError("affineGrid: size is [4, 0], expected an integer of at least 1, or 2 of them."),
    );
  });
});
