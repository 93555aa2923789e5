import { Rng } from "@pellucid/core-train";
import {
  constant,
  expSineSquared,
  GaussianProcessRegressor,
  type Kernel,
  matern,
  productOf,
  rbf,
} from "@pellucid/gp";
import { type Measurement, posterior } from "@pellucid/interpret/draw";

export const kernels = ["smooth", "rough", "periodic"] as const;

export interface Options {
  readonly kernel: (typeof kernels)[number];
  readonly lengthScale: number;
  /** The standard deviation of a measurement's error. */
  readonly noise: number;
  readonly samples: number;
  readonly seed: number;
}

export const options: Options = { kernel: "smooth", lengthScale: 1, noise: 0.1, samples: 3, seed: 0 };

const measured: readonly Measurement[] = [
  [0.5, -0.5],
  [1.5, 0.8],
  [3, 1.1],
  [4.5, -0.7],
  [8, 0.3],
];
const axis = Array.from({ length: 121 }, (_, i) => [i / 12]);

export async function program({ kernel, lengthScale, noise, samples, seed }: Options) {
  const kinds: Readonly<Record<Options["kernel"], Kernel>> = {
    smooth: rbf(lengthScale),
    rough: matern(lengthScale, { nu: 0.5 }),
    periodic: expSineSquared({ lengthScale, periodicity: 4 }),
  };
  const fitted = (points: readonly Measurement[]) =>
    new GaussianProcessRegressor({
      kernel: productOf(constant(1), kinds[kernel]),
      alpha: Math.max(noise ** 2, 1e-6),
      optimizer: null,
    }).fit(
      points.map(([x]) => [x]),
      points.map(([, y]) => y),
    );
  const predict = (points: readonly Measurement[]) => ({
    x: axis.map(([x = 0]) => x),
    ...fitted(points).predict(axis),
  });
  const process = fitted(measured);
  const picture = posterior(measured, predict, {
    title: "What the function may be",
    xRange: [0, 10],
    yRange: [-2.5, 2.5],
    samples: samples === 0 ? [] : process.sample(axis, samples, new Rng(seed)),
  });
  const at = process.predict([[3], [6.2]]);
  const likelihood = process.logMarginalLikelihood().value;
  return Promise.resolve({ pictures: [picture], near: at.std[0] ?? 0, far: at.std[1] ?? 0, likelihood });
}
