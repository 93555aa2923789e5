import { checkArguments, checkFinite, OptionError } from "@pellucid/core-train";
import { dot, matrixOf, type Points, readNumbers, readPoints } from "./points.ts";
import { solverOf } from "./solver-of.ts";
import { distanceOf, type Variogram } from "./variogram.ts";

/** An estimate at a point. */
export interface KrigingEstimate {
  readonly estimate: number;
  /** The variance of its error, 0 or above. */
  readonly variance: number;
  /** How much each datum counts. */
  readonly weights: Float64Array;
  /** The multipliers of the conditions on the weights: of ordinary kriging one. */
  readonly lagrange: Float64Array;
}

/** Estimates values at points. */
export type Kriging = (points: Points) => KrigingEstimate[];

/** A known function of a point, of which the mean is a multiple. */
export type Drift = (point: Float64Array) => number;

/**
 * Kriging with a mean that is unknown and constant: the linear estimate without bias of least variance. At a data point it is the datum, with variance 0.
 *
 *     Σ w = 1,   Γ w + μ = γ(x₀),   estimate = w · z,   variance = w · γ(x₀) + μ
 *
 * Matheron, 1963; Cressie, 1993, section 3.2.
 */
export function ordinaryKriging(x: Points, z: ArrayLike<number>, gamma: Variogram): Kriging {
  checkArguments("ordinaryKriging", { "numbers[]": { x }, numbers: { z }, function: { gamma } });
  return kriging("ordinaryKriging", x, z, gamma, [() => 1]);
}

/**
 * Kriging with a mean that is an unknown combination of known functions: of the coordinates, of an elevation, of a physical model. A constant is always among them.
 *
 * Matheron, 1969; Cressie, 1993, section 3.4.
 *
 * @param drifts default: the coordinates
 */
export function universalKriging(
  x: Points,
  z: ArrayLike<number>,
  gamma: Variogram,
  drifts?: readonly Drift[],
): Kriging {
  checkArguments("universalKriging", {
    "numbers[]": { x },
    numbers: { z },
    function: { gamma },
    "function[]?": { drifts },
  });
  const coordinates = Array.from(
    { length: x[0]?.length ?? 0 },
    (_, d): Drift =>
      (point) =>
        point[d] ?? NaN,
  );
  return kriging("universalKriging", x, z, gamma, [() => 1, ...(drifts ?? coordinates)]);
}

/**
 * Kriging with a known mean: `mean + w · (z − mean)`, with the covariance `C(h) = nugget + sill − γ(h)`. Far from all data it is the mean.
 *
 * @throws {OptionError} For a linear variogram, which has no covariance.
 */
export function simpleKriging(x: Points, z: ArrayLike<number>, gamma: Variogram, mean: number): Kriging {
  checkArguments("simpleKriging", {
    "numbers[]": { x },
    numbers: { z },
    function: { gamma },
    number: { mean },
  });
  checkFinite("simpleKriging", { mean });
  const { form, nugget, sill } = gamma.options;
  if (form === "linear") throw new OptionError("simpleKriging", "variogram", "linear", "one with a sill");
  const points = readPoints("simpleKriging", "x", x);
  const values = readNumbers("simpleKriging", "z", z, points.length);
  const total = nugget + sill;
  const covariance = (a: Float64Array, b: Float64Array) => total - gamma(distanceOf(a, b));
  const n = points.length;
  const solve = solverOf(
    matrixOf(n, n, (i, j) => covariance(points[i] as Float64Array, points[j] as Float64Array)),
  );
  return (asked) =>
    readPoints("simpleKriging", "points", asked, points[0]?.length).map((point) => {
      const near = Float64Array.from(points, (at) => covariance(at, point));
      const weights = solve(near);
      const estimate = mean + weights.reduce((sum, w, i) => sum + w * ((values[i] ?? NaN) - mean), 0);
      return {
        estimate,
        variance: Math.max(total - dot(weights, near), 0),
        weights,
        lagrange: new Float64Array(),
      };
    });
}

function kriging(
  caller: string,
  x: Points,
  z: ArrayLike<number>,
  gamma: Variogram,
  drifts: readonly Drift[],
): Kriging {
  const points = readPoints(caller, "x", x);
  const values = readNumbers(caller, "z", z, points.length);
  const n = points.length;
  const conditions = points.map((point) => drifts.map((drift) => drift(point)));
  const size = n + drifts.length;
  const solve = solverOf(
    matrixOf(size, size, (i, j) => {
      if (i < n && j < n) return gamma(distanceOf(points[i] as Float64Array, points[j] as Float64Array));
      if (i >= n && j >= n) return 0;
      return conditions[Math.min(i, j)]?.[Math.max(i, j) - n] ?? NaN;
    }),
  );
  return (asked) =>
    readPoints(caller, "points", asked, points[0]?.length).map((point) => {
      const near = Float64Array.from(points, (at) => gamma(distanceOf(at, point)));
      const right = Float64Array.of(...near, ...drifts.map((drift) => drift(point)));
      const solved = solve(right);
      const [weights, lagrange] = [solved.slice(0, n), solved.slice(n)];
      return { estimate: dot(weights, values), variance: Math.max(dot(solved, right), 0), weights, lagrange };
    });
}
