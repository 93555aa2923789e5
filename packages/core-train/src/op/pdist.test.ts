import { OptionError, pdist, ShapeError } from "@pellucid/core-train";
import { type Rank, type Tensor2D, zeros } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

describe("pdist", () => {
  test("one row has no pairs", () => {
    expect(pdist(zeros([1, 3]))).toHaveShape([0]);
    expect(pdist(zeros([0, 3]))).toHaveShape([0]);
  });

  test("refuses lists of lists and a negative norm", () => {
    expect(() => pdist(zeros<Rank>([2, 3, 4]) as Tensor2D)).toThrow(
      new ShapeError("pdist: x is [2, 3, 4], expected [row, feature]."),
    );
    expect(() => pdist(zeros([2, 3]), { p: -1 })).toThrow(
      new OptionError("pdist", "p", -1, "a number of 0 or more"),
    );
  });
});
