import { useBackend } from "@pellucid/backends";
import { dispose, tensor, UnsortedSegmentSum } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { draws } from "./draw.ts";
import { runKernel } from "./run-kernel.ts";

beforeAll(() => useBackend({ only: "wasm" }));

describe("rows of a segment are added in their order", () => {
  test.each([1, 3, 4, 5, 16, 33])("rows of %i numbers", (size) => {
    const draw = draws(size);
    const segments = Int32Array.from({ length: 50 }, () => draw.of(0, 1, 2, 4, -1, 5));
    const numbers = draw.numbers(50 * size);
    const sums = new Float32Array(5 * size);
    for (const [row, segment] of segments.entries()) {
      if (segment < 0 || segment >= 5) continue; // as on tfjs' other backends
      for (let i = 0; i < size; i++) {
        sums[segment * size + i] = (sums[segment * size + i] as number) + (numbers[row * size + i] as number);
      }
    }
    const x = tensor(numbers, [50, size]);
    const segmentIds = tensor(segments, [50], "int32");
    expect(runKernel(UnsortedSegmentSum, { x, segmentIds }, { numSegments: 5 })).toEqual([...sums]);
    dispose([x, segmentIds]);
  });
});

test.each([1, 3, 8, 17])("a long sum of rows of %i numbers keeps its digits", (size) => {
  const count = 200_000;
  const drawn = draws(1).numbers(1009);
  const numbers = Float32Array.from({ length: count * size }, (_, i) => 1 + (drawn[i % 1009] ?? 0) / 2);
  const segments = Int32Array.from({ length: count }, (_, i) => (i % 1000 === 0 ? 2 : i % 7 === 0 ? 0 : 1));
  const exact = new Float64Array(3 * size);
  for (const [row, segment] of segments.entries())
    for (let i = 0; i < size; i++)
      exact[segment * size + i] = (exact[segment * size + i] ?? NaN) + (numbers[row * size + i] ?? NaN);
  const x = tensor(numbers, [count, size]);
  const segmentIds = tensor(segments, [count], "int32");
  const sums = runKernel(UnsortedSegmentSum, { x, segmentIds }, { numSegments: 3 });
  for (const [i, sum] of exact.entries()) expect(Math.abs((sums[i] ?? NaN) / sum - 1)).toBeLessThan(2e-7);
  dispose([x, segmentIds]);
});

test("integers stay integers", () => {
  const x = tensor([1, 2, 3, 2 ** 30, 5, 6], [3, 2], "int32");
  const segmentIds = tensor([1, 0, 1], [3], "int32");
  expect(runKernel(UnsortedSegmentSum, { x, segmentIds }, { numSegments: 3 })).toEqual([
    3,
    2 ** 30,
    6,
    8,
    0,
    0,
  ]);
  dispose([x, segmentIds]);
});

test("no rows give zeros", () => {
  const x = tensor([], [0, 2]);
  const segmentIds = tensor([], [0], "int32");
  expect(runKernel(UnsortedSegmentSum, { x, segmentIds }, { numSegments: 2 })).toEqual([0, 0, 0, 0]);
  dispose([x, segmentIds]);
});
