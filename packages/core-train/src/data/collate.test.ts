import { describe, expect, it } from "vitest";
import { collate } from "./collate.ts";
import { DataError } from "./data-error.ts";

const image = (value: number, shape = [2, 1]) => ({
  data: new Float32Array(shape.reduce((size, n) => size * n, 1)).fill(value),
  shape,
});

describe("collate", () => {
  it("puts numbers into one axis: whole ones as integers, others as floats", () => {
    expect(collate([3, 1, -2])).toEqual({ data: new Int32Array([3, 1, -2]), shape: [3] });
    expect(collate([3, 1.5])).toEqual({ data: new Float32Array([3, 1.5]), shape: [2] });
  });

  it("puts arrays of numbers into two", () => {
    expect(
      collate([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual({ data: new Int32Array([1, 2, 3, 4]), shape: [2, 2] });
    expect(collate([Float64Array.of(1, 2)])).toEqual({ data: new Float32Array([1, 2]), shape: [1, 2] });
    expect(collate([Uint16Array.of(7)])).toEqual({ data: new Int32Array([7]), shape: [1, 1] });
    expect(collate([Uint8ClampedArray.of(255)])).toEqual({ data: new Uint8Array([255]), shape: [1, 1] });
  });

  it("puts a batch axis before a shape, and keeps the type of the numbers", () => {
    expect(collate([image(1), image(2)])).toEqual({ data: new Float32Array([1, 1, 2, 2]), shape: [2, 2, 1] });
    const scalar = { data: new Float32Array([4]), shape: [] };
    expect(collate([scalar, scalar])).toEqual({ data: new Float32Array([4, 4]), shape: [2] });
    expect(collate([{ data: new Uint8Array([9]), shape: [1] }])).toEqual({
      data: new Uint8Array([9]),
      shape: [1, 1],
    });
  });

  it("takes records and lists apart, also inside each other", () => {
    const item = (i: number) => ({ x: image(i), at: [i, [i, 0.5], "a"] as const, meta: { name: `n${i}` } });
    expect(collate([item(1), item(2)])).toEqual({
      x: { data: new Float32Array([1, 1, 2, 2]), shape: [2, 2, 1] },
      at: [
        { data: new Int32Array([1, 2]), shape: [2] },
        { data: new Float32Array([1, 0.5, 2, 0.5]), shape: [2, 2] },
        ["a", "a"],
      ],
      meta: { name: ["n1", "n2"] },
    });
  });

  it("collates the fields of instances of a class", () => {
    class Sample {
      readonly x = Float32Array.of(1, 2);
      readonly y: number;
      constructor(y: number) {
        this.y = y;
      }
    }
    expect(collate([new Sample(3), new Sample(4)])).toEqual({
      x: { data: Float32Array.of(1, 2, 1, 2), shape: [2, 2] },
      y: { data: Int32Array.of(3, 4), shape: [2] },
    });
  });

  it("makes floats of arrays of which some are", () => {
    const mixed = collate([
      { data: new Int32Array([1]), shape: [1] },
      { data: new Float32Array([0.5]), shape: [1] },
    ]);
    expect(mixed).toEqual({ data: new Float32Array([1, 0.5]), shape: [2, 1] });
  });

  it("copies: the batch can be handed over", () => {
    const x = Float32Array.of(1, 2);
    const { data } = collate([x]) as { data: Float32Array };
    expect(data.buffer).not.toBe(x.buffer);
  });

  it.each<[unknown[], string, number | null]>([
    [[], "collate: there are no items.", null],
    [
      [{ x: image(1) }, { x: image(1, [3, 1]) }],
      "collate: x of item 9 is [3, 1], expected [2, 1] as in item 5; pad them, or give a collate function.",
      9,
    ],
    [
      [{ a: { y: 1 } }, { a: { y: NaN } }],
      "collate: a.y of item 9 is NaN, expected a finite number that 32 bits hold.",
      9,
    ],
    [[Infinity], "collate: item 5 is Infinity, expected a finite number that 32 bits hold.", 5],
    [[1, 2 ** 31], "collate: item 9 is 2147483648, expected a finite number that 32 bits hold.", 9],
    [[{ y: 1 }, { y: "one" }], "collate: y of item 9 is a string, expected the number 1 as in item 5.", 9],
    [[{ y: 1 }, {}], "collate: y of item 9 is undefined, expected the number 1 as in item 5.", 9],
    [
      [{ y: null }],
      "collate: y of item 5 is null, expected a number, a string, an array of numbers, { data, shape }, or a record or list of such.",
      5,
    ],
    [
      [new Map()],
      "collate: item 5 is a Map, expected a number, a string, an array of numbers, { data, shape }, or a record or list of such.",
      5,
    ],
    [[["a", 1], ["b"]], "collate: item 9 is a list of 1, expected 2 as in item 5.", 9],
    [[{ data: new Float32Array(3), shape: [2] }], "collate: item 5 is 3 numbers, expected 2 for [2].", 5],
  ])("says what is wrong: %#", (items, message, item) => {
    const wrong = () => collate(items, [5, 9]);
    expect(wrong).toThrow(new DataError(message, item === null ? {} : { item }));
  });
});
