import { channelShuffle, pixelShuffle, pixelUnshuffle, ShapeError, WindowError } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { ones, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("pixelUnshuffle undoes pixelShuffle", () => {
  const x = sines([2, 2, 3, 18]) as Tensor4D;
  expect(pixelUnshuffle(pixelShuffle(x, 3), 3)).toBeAllclose(x);
});

test("sizes that are not divisible by the factor or the groups are refused", () => {
  expect(() => pixelShuffle(ones([1, 2, 2, 6]), 2)).toThrow(
    new ShapeError(
      "pixelShuffle: x is [1, 2, 2, 6], expected a number of channels divisible by upscaleFactor² (4).",
    ),
  );
  expect(() => pixelUnshuffle(ones([1, 4, 3, 1]), 2)).toThrow(
    new ShapeError(
      "pixelUnshuffle: x is [1, 4, 3, 1], expected a height and a width divisible by downscaleFactor (2).",
    ),
  );
  expect(() => channelShuffle(ones([1, 2, 6]), 4)).toThrow(
    new ShapeError("channelShuffle: x is [1, 2, 6], expected a number of channels divisible by groups (4)."),
  );
  expect(() => pixelShuffle(ones([1, 2, 2, 4]), 0)).toThrow(
    new WindowError("pixelShuffle: upscaleFactor is 0, expected an integer of at least 1."),
  );
});
