// Numbers of one dtype as another, one number many times, numbers at equal distances, and parts by their index: on WASM, where tfjs computes them in JavaScript.
import { useBackend } from "@pellucid/backends";
import {
  cast,
  fill,
  gather,
  onesLike,
  range,
  type Tensor,
  tensor,
  tensor1d,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const floats = [0, -0.5, 1.5, -2.75, 3e9, -3e9, 1e19, NaN, Infinity, -Infinity, 7, 8.25, 2 ** 32 + 512];
const integers = [0, 1, -1, 255, 256, -(2 ** 31), 2 ** 31 - 1, 16777217, 5];
const bools = [1, 0, 1, 1, 0, 0, 1];

describe("a cast", () => {
  test("from float to integer is that of JavaScript", () => {
    expect([...cast(tensor1d(floats), "int32").dataSync()]).toEqual([
      ...Int32Array.from(Float32Array.from(floats)),
    ]);
  });

  test("from integer to float rounds to the nearest", () => {
    expect([...cast(tensor1d(integers, "int32"), "float32").dataSync()]).toEqual([
      ...Float32Array.from(integers),
    ]);
  });

  test("from bool gives 0 and 1", () => {
    expect([...cast(tensor1d(bools, "bool"), "float32").dataSync()]).toEqual(bools);
    expect([...cast(tensor1d(bools, "bool"), "int32").dataSync()]).toEqual(bools);
  });

  test("to bool is whether a number is not 0", () => {
    const isNotZero = (numbers: number[]) => numbers.map((each) => Number(each !== 0));
    expect([...cast(tensor1d(floats), "bool").dataSync()]).toEqual(isNotZero(floats));
    expect([...cast(tensor1d(integers, "int32"), "bool").dataSync()]).toEqual(isNotZero(integers));
  });

  test("to the same dtype, and of nothing", () => {
    expect([...cast(tensor1d([1, 2]), "float32").dataSync()]).toEqual([1, 2]);
    expect(cast(tensor([], [0, 3]), "int32").shape).toEqual([0, 3]);
  });
});

describe.each(["float32", "int32", "bool"] as const)("of %s", (dtype) => {
  test.each([0, 1, 3, 4, 5, 17, 64])("one number %i times", (size) => {
    const x = tensor(new Array<number>(size).fill(1), [size], dtype);
    const all = (y: Tensor, value: number) => {
      expect([y.dtype, ...y.dataSync()]).toEqual([dtype, ...new Array<number>(size).fill(value)]);
    };
    all(zerosLike(x), 0);
    all(onesLike(x), 1);
    all(fill([size], dtype === "bool" ? 1 : -3, dtype), dtype === "bool" ? 1 : -3);
  });

  test.each([0, 1, 2, -1])("parts along axis %i by their index", (axis) => {
    const shape = [2, 3, 5];
    const numbers = Array.from({ length: 30 }, (_, i) => (dtype === "bool" ? i % 2 : i));
    const indices = [1, 0, 1, 1];
    const along = axis < 0 ? axis + 3 : axis;
    const [outer, size, inner] = [
      shape.slice(0, along).reduce((a, b) => a * b, 1),
      shape[along] as number,
      shape.slice(along + 1).reduce((a, b) => a * b, 1),
    ];
    const expected = Array.from({ length: outer }, (_, o) =>
      indices.map((index) => numbers.slice((o * size + index) * inner, (o * size + index + 1) * inner)),
    ).flat(2);
    const y = gather(tensor(numbers, shape, dtype), tensor1d(indices, "int32"), axis);
    expect([y.dtype, y.shape, [...y.dataSync()]]).toEqual([dtype, shape.with(along, 4), expected]);
  });
});

test("an index that does not exist is an error", () => {
  expect(() => gather(tensor1d([1, 2]), tensor1d([0, 2], "int32"))).toThrow(
    "the index value 2 is not in [0, 1]",
  );
});

test.each([
  [0, 5, 1, "int32"],
  [5, 0, 1, "int32"],
  [0, 1, 0.25, "float32"],
  [3, 3, 1, "int32"],
  [0, 5, -1, "int32"],
  [5, 0, -2, "int32"],
] as const)("range(%s, %s, %s) of %s", (start, stop, by, dtype) => {
  const step = stop < start && by === 1 ? -1 : by;
  const expected: number[] = [];
  for (let at: number = start; step > 0 ? at < stop : at > stop; at += step) expected.push(at);
  expect([...range(start, stop, by, dtype).dataSync()]).toEqual(start < stop === step > 0 ? expected : []);
});
