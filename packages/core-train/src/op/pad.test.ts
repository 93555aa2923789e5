import { gradient, pad, ShapeError } from "@pellucid/core-train";
import { ones, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("a reflection does not repeat the edge, and gradients flow back to where it came from", () => {
  const x = tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  const reflected = (at: typeof x) =>
    pad(
      at,
      [
        [1, 1],
        [1, 1],
      ],
      { mode: "reflect" },
    );
  expect(reflected(x)).toBeAllclose([5, 4, 5, 6, 5, 2, 1, 2, 3, 2, 5, 4, 5, 6, 5, 2, 1, 2, 3, 2]);
  expect(gradient(reflected)(x)).toBeAllclose([2, 6, 2, 2, 6, 2]);
});

test("padding for another number of axes is refused", () => {
  expect(() => pad(ones([2, 3]), [[1, 1]])).toThrow(
    new ShapeError("pad: padding is for 1 axes, but x is [2, 3]. Pass [before, after] for each axis."),
  );
});

test("more than there is to reflect or to wrap around is refused", () => {
  expect(() => pad(ones([3]), [[3, 0]], { mode: "reflect" })).toThrow(
    new ShapeError("pad: axis 0 of [3] cannot reflect [3, 0]: at most 2 on each side."),
  );
  expect(() => pad(ones([3]), [[0, 4]], { mode: "circular" })).toThrow(
    new ShapeError("pad: axis 0 of [3] cannot wrap around [0, 4]: at most 3 on each side."),
  );
});

test("more than there is cannot be taken away", () => {
  expect(() => pad(ones([3]), [[-2, -2]])).toThrow(
    new ShapeError("pad: x is [3], too short to take [[-2,-2]] away."),
  );
});

test("it leaves nothing behind", () => {
  const x = ones([2, 3]);
  expect(() =>
    pad(
      x,
      [
        [0, 1],
        [2, -1],
      ],
      { mode: "replicate" },
    ),
  ).toLeakNothing();
});

test("padding nothing gives a copy", () => {
  const x = ones([2]);
  pad(x, [[0, 0]], { mode: "reflect" }).dispose();
  expect(x.isDisposed).toBe(false);
});
