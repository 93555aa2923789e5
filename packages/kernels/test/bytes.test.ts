import { useBackend } from "@pellucid/backends";
import { gradient } from "@pellucid/core-train";
import { toNumbers } from "@pellucid/testing";
import {
  type DataType,
  equal,
  fill,
  floorDiv,
  greater,
  greaterEqual,
  less,
  lessEqual,
  mod,
  mul,
  notEqual,
  reshape,
  reverse,
  slice,
  split,
  stack,
  sum,
  type Tensor,
  tensor,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { draws } from "./draw.ts";

beforeAll(() => useBackend({ only: "wasm" }));

const comparisons = { less, lessEqual, greater, greaterEqual, equal, notEqual };

describe("on WASM a choice by a comparison agrees with that on CPU, whatever is broadcast:", () => {
  test.each(Object.entries(comparisons))("%s", async (_, compare) => {
    const all = [];
    for (const only of ["cpu", "wasm"] as const) {
      await useBackend({ only });
      const { of, ties } = draws(6);
      const draw = (shape: readonly number[], dtype: DataType) => {
        const own = shape.map((size) => of(size, size, 1)).slice(of(0, 0, 1));
        const numbers = ties(own.reduce((product, size) => product * size, 1));
        return tensor(dtype === "bool" ? numbers.map((x) => Number(x > -4)) : numbers, own, dtype);
      };
      all.push(
        Array.from({ length: 120 }, () =>
          tidy(() => {
            const shape = [of(1, 2, 5), of(1, 3, 4), of(1, 4, 7, 9, 17)];
            const compared = of<DataType>("int32", "float32", "bool");
            const chosen = of<DataType>("int32", "float32", "bool");
            const isChosen = compare(draw(shape, compared), draw(shape, compared));
            const y = where(isChosen, draw(shape, chosen), draw(shape, chosen));
            return { shape: y.shape, dtype: y.dtype, numbers: toNumbers(y) };
          }),
        ),
      );
    }
    expect(all[1]).toEqual(all[0]);
  });
});

/** What moves bools, a byte each. */
const moves: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  where: (x) => where(x, x, fill(x.shape, 0, "bool")),
  "where of rows": (x) => where(slice(x, 0, 1), x, reverse(x)),
  reverse: (x) => reverse(reverse(x)),
  split: (x) => split(x, [x.size, 0])[0] as Tensor,
  "slices of rows": (x) => reshape(slice(stack([x, x], 0), [1, 0], [1, x.size]), [-1]),
};

test.each(Object.entries(moves))("%s of bools leaves the bytes after the result as they are", (_, move) => {
  for (let size = 1; size <= 20; size++) {
    const x = fill([size], 1, "bool");
    const results = Array.from({ length: 30 }, () => move(x));
    for (const y of results) expect(toNumbers(y)).toEqual(new Array(size).fill(1));
    for (const y of [x, ...results]) y.dispose();
  }
});

test.each([0, 1, 2, -1, -2, -3])("a stack along %d has the gradient of its parts", (axis) => {
  const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  const stacked = (at: Tensor) => stack([at, mul(at, 10)], axis);
  const along = axis < 0 ? axis + 3 : axis;
  expect(stacked(x).shape).toEqual([2, 3].toSpliced(along, 0, 2));
  const halves = tensor([1, 100], [2, 1, 1].with(0, 1).with(along, 2));
  expect(gradient((at: Tensor) => sum(mul(stacked(at), halves)))(x)).toBeAllclose(new Array(6).fill(1001));
});

test("integers are divided in 32 bits, round down, and give 0 for a divisor of 0", () => {
  const a = tensor([16_777_217, -7, 7, -7, -(2 ** 31), 5], undefined, "int32");
  const b = tensor([1, 2, -2, -2, -1, 0], undefined, "int32");
  expect(toNumbers(floorDiv(a, b))).toEqual([16_777_217, -4, -4, 3, -(2 ** 31), 0]);
  expect(toNumbers(mod(a, b))).toEqual([0, 1, -1, -1, 0, 0]);
});
