import { describe, expect, it } from "vitest";
import { collate } from "./collate.ts";
import { DataError } from "./data-error.ts";
import { TensorDataset } from "./tensor-dataset.ts";

const points = new TensorDataset({
  x: { data: Float32Array.of(0, 1, 2, 3, 4, 5), shape: [3, 2] },
  bytes: { data: Uint8Array.of(7, 8, 9), shape: [3, 1] },
  y: { data: Int32Array.of(10, 11, 12), shape: [3] },
});

describe("TensorDataset", () => {
  it("gives rows", () => {
    expect(points.length).toBe(3);
    expect(points.get(1)).toEqual({
      x: { data: Float32Array.of(2, 3), shape: [2] },
      bytes: { data: Uint8Array.of(8), shape: [1] },
      y: { data: Int32Array.of(11), shape: [] },
    });
  });

  it("gathers the batch that collating its rows makes", () => {
    const chosen = [2, 0, 2];
    const rows = chosen.map((i) => points.get(i));
    expect(points.gather(Int32Array.from(chosen))).toEqual(collate(rows));
  });

  it("gathers copies", () => {
    const { x } = points.gather(Int32Array.of(0, 1, 2));
    x.data.fill(-1);
    expect(points.get(0).x.data[1]).toBe(1);
  });

  it("gives rows of records and lists of arrays", () => {
    const nested = new TensorDataset({
      x: {
        image: { data: Float32Array.of(0, 1, 2, 3), shape: [2, 2] },
        times: [{ data: Int32Array.of(8, 9), shape: [2] }],
      },
      y: { data: Int32Array.of(4, 5), shape: [2] },
    });
    expect(nested.get(1)).toEqual({
      x: {
        image: { data: Float32Array.of(2, 3), shape: [2] },
        times: [{ data: Int32Array.of(9), shape: [] }],
      },
      y: { data: Int32Array.of(5), shape: [] },
    });
    expect(nested.gather(Int32Array.of(1, 0))).toEqual(collate([nested.get(1), nested.get(0)]));
  });

  it.each<[() => unknown, string]>([
    [
      () =>
        new TensorDataset({
          x: { a: { data: new Float32Array(4), shape: [4] }, b: [{ data: new Float32Array(3), shape: [3] }] },
        }),
      "TensorDataset: x.b.0 is [3], expected 4 rows as in x.a.",
    ],
    [() => new TensorDataset({}), "TensorDataset: there are no fields."],
    [
      () =>
        new TensorDataset({
          x: { data: new Float32Array(4), shape: [2, 2] },
          y: { data: new Int32Array(3), shape: [3] },
        }),
      "TensorDataset: y is [3], expected 2 rows as in x.",
    ],
    [
      () => new TensorDataset({ x: { data: new Float32Array(5), shape: [2, 2] } }),
      "TensorDataset: x has 5 numbers, expected 4 for [2, 2].",
    ],
    [
      () => new TensorDataset({ y: { data: Float32Array.of(1, NaN), shape: [2] } }),
      "TensorDataset: y of item 1 is NaN, expected a finite number.",
    ],
    [() => points.get(3), "TensorDataset: item 3 does not exist, there are 3."],
    [() => points.get(-1), "TensorDataset: item -1 does not exist, there are 3."],
  ])("says what is wrong: %#", (wrong, message) => {
    expect(wrong).toThrow(DataError);
    expect(wrong).toThrow(message);
  });
});
