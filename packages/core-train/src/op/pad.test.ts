import { gradient, pad, ShapeError } from "@pellucid/core-train";
import { ones, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("reflection does not repeat the edge, and its gradient adds to the reflected elements", () => {
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

test("padding that exceeds the input is refused when reflecting or wrapping around", () => {
  expect(() => pad(ones([3]), [[3, 0]], { mode: "reflect" })).toThrow(
    new ShapeError("pad: axis 0 of [3] cannot reflect [3, 0]: at most 2 on each side."),
  );
  expect(() => pad(ones([3]), [[0, 4]], { mode: "circular" })).toThrow(
    new ShapeError("pad: axis 0 of [3] cannot wrap around [0, 4]: at most 3 on each side."),
  );
});

test("negative padding that exceeds the input is refused", () => {
  expect(() => pad(ones([3]), [[-2, -2]])).toThrow(
    new ShapeError("pad: x is [3], too short to take [[-2,-2]] away."),
  );
});

test("leaks no tensors", () => {
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

test("padding of 0 returns a copy", () => {
  const x = ones([2]);
  pad(x, [[0, 0]], { mode: "reflect" }).dispose();
  expect(x.isDisposed).toBe(false);
});
