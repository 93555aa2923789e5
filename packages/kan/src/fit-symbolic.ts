import { checkFinite, checkOptions, DataError, ShapeError } from "@pellucid/core-train";
import { type SymbolicName, symbolicFunctions } from "./symbolic-functions.ts";
import { type Affine, checkSymbolic } from "./symbolic-kan-layer.ts";

/** Options for {@link fitSymbolic}. */
export interface FitSymbolicOptions {
  /** Where `a` is searched. Default: −10 to 10. */
  readonly aRange?: readonly [low: number, high: number];
  /** Where `b` is searched. Default: −10 to 10. */
  readonly bRange?: readonly [low: number, high: number];
}

/** A function fitted to samples. */
export interface SymbolicFit {
  readonly affine: Affine;
  /** The coefficient of determination, 1 for a perfect fit. */
  readonly r2: number;
}

/** Of pairs that are equally good up to this, the one nearest to `a = 1, b = 0` is taken. */
const negligible = 1e-9;
const points = 41;
const rounds = 6;

/**
 * The numbers of `c · f(a · x + b) + d` that are nearest to samples: `a` and `b` by a search on grids that narrow around the best, `c` and `d` by least squares for each.
 *
 * It follows pykan's `fit_params`, with coarser grids and more of them. Where `f` is not finite for a sample, that pair of `a` and `b` is not taken.
 *
 * @param x two samples or more
 * @throws {DataError} If there are fewer than two samples, or one is not finite.
 */
export function fitSymbolic(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  name: SymbolicName,
  options: FitSymbolicOptions = {},
): SymbolicFit {
  checkOptions("fitSymbolic", options, ["aRange", "bRange"]);
  checkSymbolic("fitSymbolic", name);
  const { aRange = [-10, 10], bRange = [-10, 10] } = options;
  checkFinite("fitSymbolic", { "aRange[0]": aRange[0], "aRange[1]": aRange[1] });
  checkFinite("fitSymbolic", { "bRange[0]": bRange[0], "bRange[1]": bRange[1] });
  if (x.length !== y.length)
    throw new ShapeError(`fitSymbolic: x has ${x.length} numbers and y ${y.length}, expected as many.`);
  const finite = [...Array.from(x), ...Array.from(y)].every(Number.isFinite);
  if (x.length < 2 || !finite)
    throw new DataError(`fitSymbolic: expected two finite samples or more, got ${x.length}.`);
  const { value } = symbolicFunctions[name];
  const samples = { x: Float64Array.from(x), y: Float64Array.from(y), value };
  let [a, b]: [Range, Range] = [aRange, bRange];
  let best = { a: 1, b: 0, r2: -Infinity };
  for (let round = 0; round < rounds; round++) {
    const [as, bs] = [evenly(a), evenly(b)];
    let found = { i: 0, j: 0, r2: -Infinity };
    const [columns, order] = [nearestFirst(bs, 0), nearestFirst(as, 1)];
    for (const i of order)
      for (const j of columns) {
        const r2 = correlation(samples, as[i] ?? NaN, bs[j] ?? NaN);
        if (r2 > found.r2 + negligible) found = { i, j, r2 };
      }
    if (found.r2 > best.r2 + negligible)
      best = { a: as[found.i] ?? NaN, b: bs[found.j] ?? NaN, r2: found.r2 };
    [a, b] = [around(as, found.i), around(bs, found.j)];
  }
  return regression(samples, best.a, best.b);
}

type Range = readonly [low: number, high: number];

interface Samples {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly value: (x: number) => number;
}

const evenly = ([low, high]: Range): number[] =>
  Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));

const nearestFirst = (grid: readonly number[], to: number): number[] =>
  [...grid.keys()].toSorted((i, j) => Math.abs((grid[i] ?? NaN) - to) - Math.abs((grid[j] ?? NaN) - to));

const around = (grid: readonly number[], i: number): Range => [
  grid[Math.max(i - 1, 0)] ?? NaN,
  grid[Math.min(i + 1, grid.length - 1)] ?? NaN,
];

/** Sums over samples, of `f = f(a x + b)`. */
function sums({ x, y, value }: Samples, a: number, b: number) {
  let [f, ff, fy, ys, yy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [fi, yi] = [value(a * (x[i] ?? NaN) + b), y[i] ?? NaN];
    f += fi;
    ff += fi * fi;
    fy += fi * yi;
    ys += yi;
    yy += yi * yi;
  }
  const n = x.length;
  const spread = ff - (f * f) / n;
  return {
    ofF: spread > 1e-9 * ff ? spread : 0, // the rest is rounding: a function that has saturated
    ofY: yy - (ys * ys) / n,
    both: fy - (f * ys) / n,
    meanF: f / n,
    meanY: ys / n,
  };
}

function correlation(samples: Samples, a: number, b: number): number {
  const { ofF, ofY, both } = sums(samples, a, b);
  const r2 = (both * both) / (ofF * Math.max(ofY, 1e-14));
  return ofF > 0 && ofF < 1e12 ? r2 : -Infinity;
}

function regression(samples: Samples, a: number, b: number): SymbolicFit {
  const { ofF, ofY, both, meanF, meanY } = sums(samples, a, b);
  const c = ofF > 0 ? both / ofF : 0;
  const isFlat = ofY <= 1e-14;
  const r2 = isFlat ? 1 : ofF > 0 ? (both * both) / (ofF * ofY) : 0;
  return { affine: [a, b, c, meanY - c * (c === 0 ? 0 : meanF)], r2: Math.min(r2, 1) };
}
