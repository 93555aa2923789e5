import { Rng } from "@pellucid/core-train";
import { constant, GaussianProcessRegressor, type Kernel, matern, productOf, rbf } from "@pellucid/gp";

/** What the process believes before it sees a point. */
export interface Belief {
  readonly kernel: "smooth" | "rough";
  readonly lengthScale: number;
  /** The standard deviation of a measurement's error. */
  readonly noise: number;
}

export type Point = readonly [x: number, y: number];

/** A Gaussian process given points. */
export function fitted(
  points: readonly Point[],
  { kernel, lengthScale, noise }: Belief,
): GaussianProcessRegressor {
  const kinds: Readonly<Record<Belief["kernel"], Kernel>> = {
    smooth: rbf(lengthScale),
    rough: matern(lengthScale, { nu: 0.5 }),
  };
  return new GaussianProcessRegressor({
    kernel: productOf(constant(1), kinds[kernel]),
    alpha: Math.max(noise ** 2, 1e-5),
    optimizer: null,
  }).fit(
    points.map(([x]) => [x]),
    points.map(([, y]) => y),
  );
}

/** Mean and deviation at each `x`, and a few functions that the process believes possible. */
export function posteriorAt(
  points: readonly Point[],
  belief: Belief,
  x: readonly number[],
  samples: number,
): {
  readonly mean: Float64Array;
  readonly std: Float64Array;
  readonly samples: readonly (readonly number[])[];
  readonly logLikelihood: number;
} {
  const process = fitted(points, belief);
  const axis = x.map((v) => [v]);
  const { mean, std } = process.predict(axis);
  return {
    mean: Float64Array.from(mean),
    std: Float64Array.from(std),
    samples: samples === 0 ? [] : process.sample(axis, samples, new Rng(0)).map((row) => Array.from(row)),
    logLikelihood: process.logMarginalLikelihood().value,
  };
}

/** How many points lie in the 95% band of the process that has not seen them; `constantBand` is the fake: the same width everywhere, the noise alone. */
export function leaveOneOut(
  points: readonly Point[],
  belief: Belief,
): { readonly inside: number; readonly constantBand: number } {
  let [inside, constantBand] = [0, 0];
  for (const [i, [x, y]] of points.entries()) {
    const others = points.filter((_, k) => k !== i);
    const { mean, std } = fitted(others, belief).predict([[x]]);
    const away = Math.abs(y - (mean[0] ?? 0));
    if (away <= 1.96 * Math.hypot(std[0] ?? 0, belief.noise)) inside++;
    if (away <= 1.96 * belief.noise) constantBand++;
  }
  return { inside, constantBand };
}
