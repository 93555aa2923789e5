import {
  checkChoice,
  checkNotNegative,
  checkOptions,
  checkRng,
  checkSizes,
  DataError,
  OptionError,
  type Rng,
  ShapeError,
} from "@pellucid/core-train";
import { cholesky, choleskySolve, solveLower, type Matrix } from "@pellucid/core-train/linalg";
import { constant } from "./constant.ts";
import type { Kernel } from "./kernel.ts";
import { learnTheta } from "./learn-theta.ts";
import { productOf } from "./compose-kernels.ts";
import type { Evaluated } from "./minimize.ts";
import { dot, type Points, readNumbers, readPoints, symmetric } from "./points.ts";
import { rbf } from "./rbf.ts";
import { decompose, likelihood, type Training } from "./regression-likelihood.ts";

/** Options for {@link GaussianProcessRegressor}. */
export interface GaussianProcessRegressorOptions {
  /** The prior covariance. Default: the constant 1 times an {@link rbf} of length scale 1, both fixed. */
  readonly kernel?: Kernel;
  /** The variance of the targets' noise, one for all points or one for each; it is added to the diagonal, and not predicted. Default: 1e-10. */
  readonly alpha?: number | readonly number[];
  /** How hyperparameters are learned: by L-BFGS between the kernel's bounds, or not. Default: `"lbfgs"`. */
  readonly optimizer?: "lbfgs" | null;
  /** How many more starts there are, at random within the bounds. Default: 0. */
  readonly nRestartsOptimizer?: number;
  /** Whether targets are scaled to mean 0 and standard deviation 1 first. Default: false. */
  readonly normalizeY?: boolean;
  /** Random generator of the restarts. */
  readonly rng?: Rng;
  /** What to add to the diagonal, tried in order, where the covariance is not positive definite. Default: none, it is an error. */
  readonly jitters?: readonly number[];
  /** A known part of the function, such as a physical law: the process models what differs from it. Default: 0. */
  readonly mean?: (point: readonly number[]) => number;
}

/** What {@link GaussianProcessRegressor.predict} returns. */
export interface Prediction<Target> {
  /** `[point]`, or `[point][target]` */
  readonly mean: Target[];
  /** The standard deviations, of the same shape. */
  readonly std: Target[];
}

/**
 * Gaussian process regression, in 64 bits on the host:
 *
 *     mean = K(Z, X) (K(X, X) + α I)⁻¹ y,   cov = K(Z, Z) − K(Z, X) (K(X, X) + α I)⁻¹ K(X, Z)
 *
 * ```ts
 * const gp = new GaussianProcessRegressor({ kernel: sumOf(productOf(constant(1), rbf(1)), white(0.1)), normalizeY: true });
 * gp.fit(x, y);
 * const { mean, std } = gp.predict([[0.5]]);
 * ```
 *
 * Rasmussen and Williams, 2006, algorithm 2.1. Kernels, options and numbers are those of scikit-learn's `GaussianProcessRegressor`.
 */
export class GaussianProcessRegressor {
  readonly options: GaussianProcessRegressorOptions;
  /** The kernel, after {@link fit} with the hyperparameters that it found. */
  kernel: Kernel;
  /** What had to be added to the diagonal, see `jitters`. */
  jitter = 0;
  #data: Fitted | null = null;

  constructor(options: GaussianProcessRegressorOptions = {}) {
    checkOptions("GaussianProcessRegressor", options, [
      "kernel",
      "alpha",
      "optimizer",
      "nRestartsOptimizer",
      "normalizeY",
      "rng",
      "jitters",
      "mean",
    ]);
    const { alpha = 1e-10, optimizer = "lbfgs", nRestartsOptimizer = 0, jitters = [] } = options;
    for (const each of [alpha].flat()) checkNotNegative("GaussianProcessRegressor", { alpha: each });
    for (const jitter of jitters) checkNotNegative("GaussianProcessRegressor", { jitter });
    checkChoice("GaussianProcessRegressor", "optimizer", optimizer, ["lbfgs", null]);
    checkSizes("GaussianProcessRegressor", { nRestartsOptimizer }, 0);
    if (nRestartsOptimizer > 0) checkRng("GaussianProcessRegressor", { rng: options.rng });
    this.options = options;
    this.kernel = options.kernel ?? productOf(constant(1, { bounds: "fixed" }), rbf(1, { bounds: "fixed" }));
  }

  /**
   * Learns the hyperparameters that make the data most likely, and conditions on the data.
   *
   * @param x `[point][coordinate]`
   * @param y `[point]`, or `[point][target]`: independent processes with one kernel
   * @throws {NotPositiveDefiniteError} If the covariance is not positive definite; nothing has changed then.
   */
  fit(x: Points, y: readonly number[] | readonly (readonly number[])[]): this {
    const { optimizer = "lbfgs", nRestartsOptimizer = 0, rng, jitters = [] } = this.options;
    const data = this.#read(x, y);
    const learned =
      optimizer === null || this.kernel.theta.length === 0
        ? this.kernel
        : learnTheta(
            this.kernel,
            (kernel) => likelihood(kernel, data, jitters, true),
            nRestartsOptimizer,
            rng,
          );
    const { lower, jitter } = decompose(learned, data, jitters);
    const weights = data.targets.map((target) => choleskySolve(lower, target));
    this.#data = { ...data, lower, weights };
    this.kernel = learned;
    this.jitter = jitter;
    return this;
  }

  /**
   * The logarithm of the density of the data given the kernel, summed over targets (of the normalized targets, where they are), and its derivatives by the logarithms of the hyperparameters.
   *
   * @param theta other hyperparameters. Default: those of the kernel.
   */
  logMarginalLikelihood(theta: readonly number[] = this.kernel.theta): Evaluated {
    return likelihood(this.kernel.withTheta(theta), this.#fitted(), this.options.jitters ?? [], true);
  }

  /**
   * Means and standard deviations at points; before {@link fit} those of the prior. A negative variance, which rounding can make, is 0.
   *
   * @param points `[point][coordinate]`
   */
  predict<Target extends number | number[] = number>(points: Points): Prediction<Target> {
    const z = this.#points(points);
    const data = this.#data;
    const prior = this.kernel.diagonal(z);
    if (data === null)
      return this.#shaped<Target>(
        z.map((point) => [this.#law(point)]),
        [...prior].map((variance) => [Math.sqrt(Math.max(variance, 0))]),
        false,
      );
    const cross = this.kernel.matrix(z, data.x); // [point][data]
    const means = z.map((point, i) =>
      data.weights.map(
        (w, t) =>
          dot(cross[i] as Float64Array, w) * (data.scale[t] ?? NaN) +
          (data.offset[t] ?? NaN) +
          this.#law(point),
      ),
    );
    const stds = z.map((_, i) => {
      const v = solveLower(data.lower, cross[i] as Float64Array);
      const variance = Math.max((prior[i] ?? NaN) - dot(v, v), 0);
      return data.scale.map((scale) => Math.sqrt(variance) * scale);
    });
    return this.#shaped<Target>(means, stds, data.isVector);
  }

  /**
   * The covariances of the function at points, of the first target unless another is named.
   *
   * @returns `[point][point]`
   */
  covariance(points: Points, target = 0): Float64Array[] {
    const z = this.#points(points);
    const prior = this.kernel.matrix(z);
    const data = this.#data;
    if (data === null) return prior;
    const scale = data.scale[target];
    if (scale === undefined)
      throw new OptionError(
        "GaussianProcessRegressor.covariance",
        "target",
        target,
        `0 to ${data.scale.length - 1}`,
      );
    const solved = this.kernel.matrix(z, data.x).map((row) => solveLower(data.lower, row));
    return symmetric(
      z.length,
      (i, j) =>
        ((prior[i]?.[j] ?? NaN) - dot(solved[i] as Float64Array, solved[j] as Float64Array)) * scale * scale,
    );
  }

  /**
   * Draws functions from the posterior, or from the prior before {@link fit}: `mean + L ε`. (scikit-learn draws by a singular value decomposition and NumPy's generator: other numbers of the same
   * distribution.)
   *
   * @returns `[draw][point]`, of the first target
   */
  sample(points: Points, draws: number, rng: Rng): Float64Array[] {
    checkSizes("GaussianProcessRegressor.sample", { draws });
    checkRng("GaussianProcessRegressor.sample", { rng });
    const { mean } = this.predict<number | number[]>(points);
    const covariance = this.covariance(points);
    const size = Math.max(...covariance.map((row, i) => row[i] ?? NaN), 1e-300);
    const { lower } = cholesky(
      covariance,
      [1e-12, 1e-10, 1e-8, 1e-6].map((jitter) => jitter * size),
    );
    return Array.from({ length: draws }, () => {
      const noise = Float64Array.from(rng.randn([mean.length]).data);
      return Float64Array.from(mean, (value, i) => {
        const [first = 0] = [value].flat();
        return first + dot((lower[i] as Float64Array).subarray(0, i + 1), noise.subarray(0, i + 1));
      });
    });
  }

  #law(point: Float64Array): number {
    return this.options.mean?.([...point]) ?? 0;
  }

  #points(points: Points): Float64Array[] {
    return readPoints("GaussianProcessRegressor", "points", points, this.#data?.x[0]?.length);
  }

  #fitted(): Fitted {
    if (this.#data === null)
      throw new DataError("GaussianProcessRegressor: it has seen no data, expected a call of fit first.");
    return this.#data;
  }

  #read(x: Points, y: readonly number[] | readonly (readonly number[])[]): Training {
    const { alpha = 1e-10, normalizeY = false } = this.options;
    const caller = "GaussianProcessRegressor.fit";
    const points = readPoints(caller, "x", x);
    const isVector = Array.isArray(y[0]);
    if (y.length !== points.length)
      throw new ShapeError(
        `${caller}: y has ${y.length} entries, expected ${points.length}, one for each point.`,
      );
    const columns = isVector ? (y[0] as readonly number[]).length : 1;
    const column = (t: number): number[] =>
      (y as readonly (number | readonly number[])[]).map((row) => [row].flat()[t] ?? NaN);
    const targets = Array.from({ length: columns }, (_, t) =>
      readNumbers(caller, "y", column(t), points.length),
    );
    const noise =
      typeof alpha === "number"
        ? new Float64Array(points.length).fill(alpha)
        : readNumbers(caller, "alpha", alpha, points.length);
    const law = points.map((point) => this.#law(point));
    const raw = targets.map((target) => target.map((value, i) => value - (law[i] ?? NaN)));
    const offset = raw.map((target) => (normalizeY ? target.reduce((a, b) => a + b, 0) / target.length : 0));
    const scale = raw.map((target, t) => {
      if (!normalizeY) return 1;
      const variance =
        target.reduce((sum, value) => sum + (value - (offset[t] ?? NaN)) ** 2, 0) / target.length;
      const std = Math.sqrt(variance);
      return std > 10 * Number.EPSILON * Math.abs(offset[t] ?? NaN) && std > 0 ? std : 1;
    });
    const scaled = raw.map((target, t) =>
      target.map((value) => (value - (offset[t] ?? NaN)) / (scale[t] ?? NaN)),
    );
    return { x: points, targets: scaled, noise, offset, scale, isVector };
  }

  #shaped<Target>(means: number[][], stds: number[][], isVector: boolean): Prediction<Target> {
    const shaped = (of: number[][]) => (isVector ? of : of.map(([value]) => value)) as Target[];
    return { mean: shaped(means), std: shaped(stds) };
  }
}

interface Fitted extends Training {
  readonly lower: Matrix;
  readonly weights: readonly Float64Array[];
}
