import { useBackend } from "@pellucid/backends";
import { concat, type DataType, slice, stack, type Tensor, tensor, unstack } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** 0, 1, 2, …; of bools every third is true. */
const counted = (shape: number[], dtype: DataType): Tensor => {
  const numbers = Array.from({ length: sizeOf(shape) }, (_, i) =>
    dtype === "bool" ? Number(i % 3 === 0) : i,
  );
  return tensor(numbers, shape, dtype);
};

/** The coordinates of each number, in order. */
const indices = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (all, size) => all.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );

/** The number at `index`, in row-major order. */
const numberAt = (x: Tensor, index: readonly number[]): number =>
  x.dataSync()[index.reduce((at, i, axis) => at * (x.shape[axis] as number) + i, 0)] as number;

const parts: [shape: number[], begin: number[], size: number[]][] = [
  [[7], [2], [4]],
  [
    [4, 5],
    [1, 0],
    [2, 5],
  ],
  [
    [4, 5],
    [1, 2],
    [3, 1],
  ],
  [
    [3, 4, 33],
    [0, 1, 2],
    [3, 2, 30],
  ],
  [
    [3, 4, 6],
    [1, 0, 0],
    [1, 4, 6],
  ],
  [
    [2, 3, 4, 5],
    [0, 1, 0, 3],
    [2, 1, 4, 2],
  ],
  [
    [2, 3, 2, 3, 2],
    [1, 0, 0, 1, 0],
    [1, 3, 2, 1, 2],
  ],
  [
    [2, 2, 3, 2, 3, 2],
    [0, 1, 1, 0, 2, 1],
    [2, 1, 2, 2, 1, 1],
  ],
  [
    [2, 3],
    [0, 0],
    [2, 3],
  ],
  [
    [2, 3],
    [1, 1],
    [0, 2],
  ],
];

describe.each(["float32", "int32", "bool"] as const)("of %s", (dtype) => {
  test.each(parts)("a slice of %j from %j, %j large, is what is there", (shape, begin, size) => {
    const x = counted(shape, dtype);
    const y = slice(x, begin, size);
    expect([y.shape, y.dtype]).toEqual([size, dtype]);
    expect([...y.dataSync()]).toEqual(
      indices(size).map((index) =>
        numberAt(
          x,
          index.map((i, axis) => i + (begin[axis] as number)),
        ),
      ),
    );
  });

  test.each([0, 1, 2, 3])("unstacking along axis %i and stacking again changes nothing", (axis) => {
    const x = counted([2, 3, 17, 4], dtype);
    const taken = unstack(x, axis);
    expect(taken).toHaveLength(x.shape[axis] as number);
    for (const [i, part] of taken.entries()) {
      expect([...part.dataSync()]).toEqual(
        indices(part.shape).map((index) => numberAt(x, index.toSpliced(axis, 0, i))),
      );
    }
    const whole = stack(taken, axis);
    expect([whole.shape, whole.dtype]).toEqual([x.shape, dtype]);
    expect([...whole.dataSync()]).toEqual([...x.dataSync()]);
  });

  test("rows whose number divides no power of two keep their last byte", () => {
    const [left, right] = [counted([49, 3], dtype), counted([49, 8], dtype)];
    const joined = concat([left, right], 1);
    for (const [r, c] of indices([49, 11]) as [number, number][])
      expect(numberAt(joined, [r, c])).toBe(c < 3 ? numberAt(left, [r, c]) : numberAt(right, [r, c - 3]));
  });

  test.each([0, 1, 2])("parts keep their numbers when concatenated along axis %i", (axis) => {
    const all = [1, 3, 20].map((size) => counted([3, 2, 5].with(axis, size), dtype));
    const whole = concat(all, axis);
    expect([whole.shape[axis], whole.dtype]).toEqual([24, dtype]);
    for (const [start, x] of [
      [0, all[0] as Tensor],
      [1, all[1] as Tensor],
      [4, all[2] as Tensor],
    ] as const) {
      const begin = [0, 0, 0].with(axis, start);
      expect([...slice(whole, begin, x.shape).dataSync()]).toEqual([...x.dataSync()]);
    }
  });
});

test("concatenating an empty tensor changes nothing", () => {
  expect(concat([tensor([], [2, 0]), tensor([1, 2], [2, 1])], 1)).toBeAllclose([1, 2]);
});

test("concatenating shapes that do not match throws", () => {
  expect(() => slice(counted([2, 3], "float32"), [0, 2], [2, 2])).toThrow(/Slice bounds|begin/i);
  expect(() => concat([counted([2, 3], "float32"), counted([3, 3], "float32")], 1)).toThrow(/shape/i);
});

test("moving leaks no tensors", () => {
  const x = counted([2, 3, 2, 3, 2], "float32");
  expect(() => slice(x, [0, 0, 0, 0, 1], [2, 3, 2, 3, 1])).toLeakNothing();
  expect(() => slice(x, [0, 0, 0, 0, 0], [2, 3, 2, 3, 2])).toLeakNothing();
  expect(() => unstack(x, 4)).toLeakNothing();
  expect(() => concat([x, x], 2)).toLeakNothing();
});
