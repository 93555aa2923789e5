import {
  checkArguments,
  checkChoice,
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkSizes,
  DataError,
} from "@pellucid/core-train";
import { minimize } from "./minimize.ts";
import { type Points, readNumbers, readPoints } from "./points.ts";

/** The forms of a variogram. */
export type VariogramForm = "exponential" | "spherical" | "gaussian" | "linear";

/** The numbers of a {@link variogram}. */
export interface VariogramOptions {
  /** Default: `"exponential"`. */
  readonly form?: VariogramForm;
  /** Half the mean squared difference of values at nearly the same point. Default: 0. */
  readonly nugget?: number;
  /** What is added to it far away; for `"linear"`, at the range. Default: 1. */
  readonly sill?: number;
  /** How far values are related. Default: 1. */
  readonly range?: number;
}

/** Half the mean squared difference of values a distance apart. */
export interface Variogram {
  (distance: number): number;
  readonly options: Required<VariogramOptions>;
}

/** From the distance in ranges to the share of the sill. */
const shares: Readonly<Record<VariogramForm, (h: number) => number>> = {
  exponential: (h) => 1 - Math.exp(-h),
  gaussian: (h) => 1 - Math.exp(-h * h),
  spherical: (h) => (h < 1 ? 1.5 * h - 0.5 * h ** 3 : 1),
  linear: (h) => h,
};

/**
 * A variogram `γ(h) = nugget + sill · share(h / range)` for `h > 0`, and 0 at 0. The exponential one is `1 − exp(−h / range)`, without the factor 3 of some books.
 *
 * Cressie, 1993. Statistics for spatial data.
 */
export function variogram(options: VariogramOptions = {}): Variogram {
  checkOptions("variogram", options, ["form", "nugget", "sill", "range"]);
  const { form = "exponential", nugget = 0, sill = 1, range = 1 } = options;
  checkChoice("variogram", "form", form, ["exponential", "spherical", "gaussian", "linear"]);
  checkNotNegative("variogram", { nugget, sill });
  checkPositive("variogram", { range });
  const share = shares[form];
  const of = (distance: number) => (distance === 0 ? 0 : nugget + sill * share(distance / range));
  return Object.assign(of, { options: { form, nugget, sill, range } });
}

/** The mean of `½ (z − z′)²` over pairs that are about as far apart. */
export interface VariogramBin {
  /** The mean distance of the pairs. */
  readonly distance: number;
  readonly value: number;
  readonly pairs: number;
}

/**
 * The empirical variogram of values at points, by Matheron's estimator, in even intervals of the distance; those without pairs are left out.
 *
 * @param bins the number of intervals. Default: 10.
 * @param maxDistance pairs farther apart do not count. Default: half the largest distance.
 * @throws {DataError} If there are fewer than two points.
 */
export function empiricalVariogram(
  x: Points,
  z: ArrayLike<number>,
  { bins = 10, maxDistance }: { readonly bins?: number; readonly maxDistance?: number } = {},
): VariogramBin[] {
  checkArguments("empiricalVariogram", { "numbers[]": { x }, numbers: { z } });
  const points = readPoints("empiricalVariogram", "x", x);
  const values = readNumbers("empiricalVariogram", "z", z, points.length);
  checkSizes("empiricalVariogram", { bins });
  if (points.length < 2) throw new DataError("empiricalVariogram: there is one point, expected two or more.");
  const pairs = points.flatMap((a, i) =>
    points.slice(i + 1).map((b, j) => ({
      distance: distanceOf(a, b),
      half: ((values[i] ?? NaN) - (values[i + 1 + j] ?? NaN)) ** 2 / 2,
    })),
  );
  const farthest = maxDistance ?? Math.max(...pairs.map(({ distance }) => distance)) / 2;
  checkPositive("empiricalVariogram", { maxDistance: farthest });
  return Array.from({ length: bins }, (_, b) => {
    const low = (farthest * b) / bins;
    const high = (farthest * (b + 1)) / bins;
    const own = pairs.filter(({ distance }) => distance > low && distance <= high);
    const mean = (of: (pair: (typeof own)[number]) => number) =>
      own.reduce((sum, pair) => sum + of(pair), 0) / own.length;
    return { distance: mean((pair) => pair.distance), value: mean((pair) => pair.half), pairs: own.length };
  }).filter(({ pairs: count }) => count > 0);
}

/**
 * The variogram of a form nearest to an empirical one, by least squares weighted with the numbers of pairs.
 *
 * @throws {DataError} If there are no intervals.
 */
export function fitVariogram(bins: readonly VariogramBin[], form: VariogramForm = "exponential"): Variogram {
  checkArguments("fitVariogram", { array: { bins } });
  checkChoice("fitVariogram", "form", form, ["exponential", "spherical", "gaussian", "linear"]);
  if (bins.length === 0) throw new DataError("fitVariogram: there are no intervals, expected one at least.");
  const [top, far] = [
    Math.max(...bins.map(({ value }) => value)) || 1,
    Math.max(...bins.map(({ distance }) => distance)),
  ];
  const of = ([nugget = 0, sill = 0, range = 0]: readonly number[]) =>
    variogram({ form, nugget: nugget * top, sill: sill * top, range: Math.exp(range) * far });
  const error = (numbers: readonly number[]): number => {
    const gamma = of(numbers);
    return bins.reduce(
      (sum, { distance, value, pairs }) => sum + pairs * ((value - gamma(distance)) / top) ** 2,
      0,
    );
  };
  const evaluate = (numbers: readonly number[]) => ({
    value: error(numbers),
    gradient: numbers.map((value, i) => {
      const step = 1e-6;
      const moved = (by: number) => error(numbers.with(i, Math.max(value + by, i < 2 ? 0 : -Infinity)));
      return (moved(step) - moved(-step)) / (value < step && i < 2 ? step + value : 2 * step);
    }),
  });
  const box: [number, number][] = [
    [0, 10],
    [0, 10],
    [-6, 4],
  ];
  const starts = [-2, -1, 0].flatMap((range) => [
    [0.01, 1, range],
    [0.4, 0.6, range],
  ]);
  const best = starts
    .map((start) => minimize(evaluate, start, box))
    .reduce((a, b) => (b.value < a.value ? b : a));
  return of(best.x);
}

/** The Euclidean distance. */
export function distanceOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += ((a[d] ?? NaN) - (b[d] ?? NaN)) ** 2;
  return Math.sqrt(sum);
}
