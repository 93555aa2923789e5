import {
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkSizes,
  OptionError,
  ShapeError,
} from "@pellucid/core-train";
import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  logDeterminant,
  solveLower,
  type Matrix,
} from "@pellucid/core-train/linalg";
import { type Bounds, Hyperparameter, type Kernel, usual } from "./kernel.ts";
import { type Evaluated, minimize } from "./minimize.ts";
import { NotPositiveDefiniteError } from "@pellucid/core-train/linalg";
import { dot, type Points, readNumbers, readPoints, symmetric } from "./points.ts";
import { sparseBound } from "./sparse-bound.ts";

/** Options for {@link SparseGaussianProcess}. */
export interface SparseGaussianProcessOptions {
  /** The prior covariance. */
  readonly kernel: Kernel;
  /** The variance of the noise of the targets. Default: 0.1. */
  readonly noiseVariance?: number;
  /** What is added to the diagonal of the covariance of the inducing points. Default: 1e-6. */
  readonly jitter?: number;
}

/** Options for {@link SparseGaussianProcess.fit}. */
export interface SparseFitOptions {
  /** Between which the variance of the noise is learned, or `"fixed"`. Default: 1e-5 to 1e5. */
  readonly noiseVarianceBounds?: Bounds;
  /** Default: 200. */
  readonly maxIterations?: number;
}

/**
 * A Gaussian process seen through a few inducing points `u`, whose values have the distribution `q(u) = N(qMean, qCov)`, trained by batches (SVGP):
 *
 *     ELBO = N / n · Σ over the batch of E[log p(y | f)] − KL(q(u) ‖ p(u))
 *
 * {@link fit} learns the hyperparameters. For Gaussian noise the best `q` is known: a step along the natural gradient of rate 1 on all data goes there, steps of smaller rates on batches approach it.
 *
 * Hensman, Fusi and Lawrence, 2013. Gaussian processes for big data. https://arxiv.org/abs/1309.6835; Titsias, 2009, for the best `q`.
 */
export class SparseGaussianProcess {
  kernel: Kernel;
  readonly inducing: Matrix;
  noiseVariance: number;
  /** The mean of the values at the inducing points. */
  qMean: Float64Array;
  /** Their covariance. */
  qCov: Float64Array[];
  readonly #jitter: number;
  #lower: Matrix;

  /** @param inducing `[point][coordinate]`; `q` starts as the prior */
  constructor(inducing: Points, options: SparseGaussianProcessOptions) {
    const points = readPoints("SparseGaussianProcess", "inducing", inducing);
    checkOptions("SparseGaussianProcess", options, ["kernel", "noiseVariance", "jitter"]);
    const { kernel, noiseVariance = 0.1, jitter = 1e-6 } = options;
    checkPositive("SparseGaussianProcess", { noiseVariance });
    checkNotNegative("SparseGaussianProcess", { jitter });
    if (typeof kernel?.matrix !== "function")
      throw new OptionError("SparseGaussianProcess", "kernel", String(kernel), "a kernel, such as rbf(1)");
    this.kernel = kernel;
    this.inducing = points;
    this.noiseVariance = noiseVariance;
    this.#jitter = jitter;
    const prior = this.#prior();
    this.#lower = cholesky(prior).lower;
    this.qMean = new Float64Array(prior.length);
    this.qCov = prior;
  }

  /** `KL(q(u) ‖ p(u))` */
  kl(): number {
    const lower = this.#lower;
    const trace = this.qCov.reduce((sum, row, i) => sum + (choleskySolve(lower, row)[i] ?? NaN), 0);
    const { lower: own } = cholesky(this.qCov);
    const fit = dot(this.qMean, choleskySolve(lower, this.qMean));
    return 0.5 * (trace + fit - lower.length + logDeterminant(lower) - logDeterminant(own));
  }

  /**
   * The evidence lower bound, from a batch.
   *
   * @param total the number of all examples, of which the batch is part. Default: its own number.
   */
  elbo(x: Points, y: ArrayLike<number>, total = x.length): number {
    const points = readPoints("SparseGaussianProcess.elbo", "x", x, this.inducing[0]?.length);
    const values = readNumbers("SparseGaussianProcess.elbo", "y", y, points.length);
    if (!(total >= points.length))
      throw new OptionError("SparseGaussianProcess.elbo", "total", total, `${points.length} or more`);
    const { mean, variance } = this.#marginals(points);
    const noise = this.noiseVariance;
    const expected = values.reduce(
      (sum, value, i) =>
        sum -
        0.5 *
          (Math.log(2 * Math.PI * noise) + ((value - (mean[i] ?? NaN)) ** 2 + (variance[i] ?? NaN)) / noise),
      0,
    );
    return (total / points.length) * expected - this.kl();
  }

  /**
   * Learns the hyperparameters of the kernel and the variance of the noise: those with the highest bound, by L-BFGS between their bounds, each with its best `q`, {@link sparseBound}. `q` is the best one afterwards.
   *
   * @throws NotPositiveDefiniteError where the covariance of the inducing points as it is is not positive definite
   */
  fit(x: Points, y: ArrayLike<number>, options: SparseFitOptions = {}): this {
    const caller = "SparseGaussianProcess.fit";
    checkOptions(caller, options, ["noiseVarianceBounds", "maxIterations"]);
    const { noiseVarianceBounds = usual, maxIterations = 200 } = options;
    checkSizes(caller, { maxIterations });
    const points = readPoints(caller, "x", x, this.inducing[0]?.length);
    const values = readNumbers(caller, "y", y, points.length);
    const noise = new Hyperparameter(caller, "noiseVariance", this.noiseVariance, noiseVarianceBounds);
    const data = { x: points, y: values, inducing: this.inducing, jitter: this.#jitter };
    const count = this.kernel.theta.length;
    const read = (theta: readonly number[]) => ({
      kernel: this.kernel.withTheta(theta.slice(0, count)),
      variance: theta.length > count ? Math.exp(theta[count] ?? NaN) : this.noiseVariance,
    });
    const loss = (theta: readonly number[]): Evaluated => {
      const { kernel, variance } = read(theta);
      const { value, gradient } = sparseBound(kernel, variance, data);
      return { value: -value, gradient: theta.map((_, i) => -(gradient[i] ?? NaN)) };
    };
    const guarded = (theta: readonly number[]): Evaluated => {
      try {
        return loss(theta);
      } catch (error) {
        if (!(error instanceof NotPositiveDefiniteError)) throw error;
        return { value: Infinity, gradient: theta.map(() => 0) };
      }
    };
    const start = [...this.kernel.theta, ...noise.theta];
    loss(start); // an error at the start is the caller's to see
    const found = minimize(guarded, start, [...this.kernel.bounds, ...noise.logBounds], { maxIterations });
    ({ kernel: this.kernel, variance: this.noiseVariance } = read(found.x));
    this.#lower = cholesky(this.#prior()).lower;
    this.naturalStep(points, values);
    return this;
  }

  /**
   * Moves `q` along the natural gradient of the bound of a batch.
   *
   * @param rate 1 goes to the best `q` for the batch, as if it were all data
   * @param total the number of all examples. Default: that of the batch.
   */
  naturalStep(
    x: Points,
    y: ArrayLike<number>,
    { rate = 1, total = x.length }: { readonly rate?: number; readonly total?: number } = {},
  ): void {
    const points = readPoints("SparseGaussianProcess.naturalStep", "x", x, this.inducing[0]?.length);
    const values = readNumbers("SparseGaussianProcess.naturalStep", "y", y, points.length);
    checkProbabilities("SparseGaussianProcess.naturalStep", { rate });
    const m = this.inducing.length;
    const projected = this.#projected(points); // [point][inducing]
    const weight = total / points.length / this.noiseVariance;
    const priorPrecision = choleskyInverse(this.#lower);
    const [own] = [choleskyInverse(cholesky(this.qCov).lower)];
    const target = symmetric(
      m,
      (i, j) =>
        (priorPrecision[i]?.[j] ?? NaN) +
        weight * projected.reduce((sum, row) => sum + (row[i] ?? NaN) * (row[j] ?? NaN), 0),
    );
    const pull = Float64Array.from({ length: m }, (_, i) =>
      projected.reduce((sum, row, n) => sum + weight * (row[i] ?? NaN) * (values[n] ?? NaN), 0),
    );
    const precision = symmetric(
      m,
      (i, j) => (1 - rate) * (own[i]?.[j] ?? NaN) + rate * (target[i]?.[j] ?? NaN),
    );
    const first = Float64Array.from(
      { length: m },
      (_, i) => (1 - rate) * dot(own[i] as Float64Array, this.qMean) + rate * (pull[i] ?? NaN),
    );
    const { lower } = cholesky(precision);
    this.qMean = choleskySolve(lower, first);
    const inverse = choleskyInverse(lower);
    this.qCov = symmetric(m, (i, j) => ((inverse[i]?.[j] ?? NaN) + (inverse[j]?.[i] ?? NaN)) / 2);
  }

  /** Sets the distribution of the values at the inducing points. */
  assign(qMean: ArrayLike<number>, qCov: Points): void {
    const m = this.inducing.length;
    const mean = readNumbers("SparseGaussianProcess.assign", "qMean", qMean, m);
    const cov = readPoints("SparseGaussianProcess.assign", "qCov", qCov, m);
    if (cov.length !== m)
      throw new ShapeError(`SparseGaussianProcess.assign: qCov has ${cov.length} rows, expected ${m}.`);
    cholesky(cov);
    this.qMean = mean;
    this.qCov = cov;
  }

  /** Means and standard deviations of the function, without noise. */
  predict(points: Points): { readonly mean: Float64Array; readonly std: Float64Array } {
    const z = readPoints("SparseGaussianProcess.predict", "points", points, this.inducing[0]?.length);
    const { mean, variance } = this.#marginals(z);
    return { mean, std: variance.map((each) => Math.sqrt(Math.max(each, 0))) };
  }

  /** `K(u, u)`, with the jitter. */
  #prior(): Float64Array[] {
    const prior = this.kernel.matrix(this.inducing);
    for (const [i, row] of prior.entries()) row[i] = (row[i] ?? NaN) + this.#jitter;
    return prior;
  }

  /** `K(x, u) K(u, u)⁻¹` */
  #projected(x: Matrix): Float64Array[] {
    return this.kernel.matrix(x, this.inducing).map((row) => choleskySolve(this.#lower, row));
  }

  #marginals(x: Matrix): { mean: Float64Array; variance: Float64Array } {
    const cross = this.kernel.matrix(x, this.inducing);
    const prior = this.kernel.diagonal(x);
    const mean = new Float64Array(x.length);
    const variance = new Float64Array(x.length);
    for (const [i, row] of cross.entries()) {
      const a = choleskySolve(this.#lower, row);
      const v = solveLower(this.#lower, row);
      const own = this.qCov.reduce((sum, of, k) => sum + (a[k] ?? NaN) * dot(of, a), 0);
      mean[i] = dot(a, this.qMean);
      variance[i] = (prior[i] ?? NaN) - dot(v, v) + own;
    }
    return { mean, variance };
  }
}
