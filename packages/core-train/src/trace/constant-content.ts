import { type HostData, sizeOf } from "../host-tensor.ts";
import type { ConstantContent, TracedSize } from "./traced-graph.ts";

/** A constant in one run. */
interface Seen {
  readonly data: HostData;
  readonly sizes: readonly number[];
}

/** Fits the numbers of all runs; `null` if there is no formula. */
export type FitSize = (numbers: readonly number[]) => TracedSize | null;

/**
 * How a constant of each run depends on the sizes of the inputs: not at all, by its shape, as a range, as a size, or as the first elements of a
 * larger one. `null` if it is none of these.
 */
export function contentOf(runs: readonly [Seen, ...Seen[]], fit: FitSize): ConstantContent | null {
  const [first] = runs;
  const shape = fitAll(
    first.sizes.map((_, axis) => runs.map(({ sizes }) => sizes[axis] ?? NaN)),
    fit,
  );
  if (shape === null) return null;
  const [fill] = first.data;
  const isFilled = fill !== undefined && runs.every(({ data }) => data.every((x) => Object.is(x, fill)));
  if (isFilled && first.data.length > 1) return { kind: "filled", fill, shape };
  if (runs.every((run) => sameNumbers(run, first))) {
    return shape.every((size) => typeof size === "number") ? { kind: "fixed", data: first.data } : null;
  }
  if (isFilled) return { kind: "filled", fill, shape };
  if (runs.every(({ data }) => data.length === 1)) {
    const size = fit(runs.map(({ data }) => data[0] ?? NaN));
    return size === null ? null : { kind: "size", size };
  }
  return rangeOf(runs, shape, fit) ?? croppedOf(runs, shape);
}

/** The formulas of several numbers, or `null` if one has none. */
export function fitAll(numbers: readonly (readonly number[])[], fit: FitSize): readonly TracedSize[] | null {
  const fitted = numbers.map(fit);
  return fitted.some((size) => size === null) ? null : (fitted as TracedSize[]);
}

function rangeOf(runs: readonly Seen[], shape: readonly TracedSize[], fit: FitSize): ConstantContent | null {
  const longest = runs.reduce((long, run) => (run.data.length > long.data.length ? run : long));
  const [a = 0, b = a] = longest.data;
  const step = b - a;
  const isRange = ({ data, sizes }: Seen): boolean =>
    sizes.filter((size) => size !== 1).length <= 1 &&
    data.every((x, i) => x === Math.fround((data[0] ?? NaN) + i * step));
  if (!runs.every(isRange)) return null;
  const start = fit(runs.map(({ data }) => data[0] ?? a));
  return start === null ? null : { kind: "range", start, step, shape };
}

function croppedOf(runs: readonly Seen[], shape: readonly TracedSize[]): ConstantContent | null {
  const largest = runs.reduce((large, run) => (run.data.length > large.data.length ? run : large));
  const isCrop = ({ data, sizes }: Seen): boolean => {
    if (sizes.some((size, axis) => size > (largest.sizes[axis] ?? NaN))) return false;
    return data.every((x, i) => Object.is(x, largest.data[indexIn(largest.sizes, positionOf(i, sizes))]));
  };
  return runs.every(isCrop) ? { kind: "cropped", data: largest.data, from: largest.sizes, shape } : null;
}

function positionOf(index: number, sizes: readonly number[]): number[] {
  return sizes.map((size, axis) => Math.floor(index / sizeOf(sizes.slice(axis + 1))) % size);
}

function indexIn(sizes: readonly number[], position: readonly number[]): number {
  return position.reduce((index, at, axis) => index * (sizes[axis] ?? NaN) + at, 0);
}

function sameNumbers(a: Seen, b: Seen): boolean {
  return a.data.length === b.data.length && a.data.every((x, i) => Object.is(x, b.data[i]));
}
