import { channelShuffle, pixelShuffle, pixelUnshuffle, ShapeError, WindowError } from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { ones, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("pixelUnshuffle undoes pixelShuffle", () => {
  const x = sines([2, 2, 3, 18]) as Tensor4D;
  expect(pixelUnshuffle(pixelShuffle(x, 3), 3)).toBeAllclose(x);
});

test("what does not fall into blocks or groups is refused", () => {
  expect(() => pixelShuffle(ones([1, 2, 2, 6]), 2)).toThrow(
    new ShapeError("pixelShuffle: x is [1, 2, 2, 6], whose 6 channels do not fall into blocks of 2 x 2."),
  );
  expect(() => pixelUnshuffle(ones([1, 4, 3, 1]), 2)).toThrow(
    new ShapeError("pixelUnshuffle: x is [1, 4, 3, 1], whose 4 x 3 pixels do not fall into blocks of 2 x 2."),
  );
  expect(() => channelShuffle(ones([1, 2, 6]), 4)).toThrow(
    new ShapeError("channelShuffle: x is [1, 2, 6], whose 6 channels do not fall into 4 groups."),
  );
  expect(() => pixelShuffle(ones([1, 2, 2, 4]), 0)).toThrow(
    new WindowError("pixelShuffle: upscaleFactor is 0, expected an integer of at least 1."),
  );
});
