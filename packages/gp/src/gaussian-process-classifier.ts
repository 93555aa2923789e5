import {
  checkChoice,
  checkOptions,
  checkRng,
  checkSizes,
  DataError,
  IndexError,
  type Rng,
  ShapeError,
} from "@pellucid/core-train";
import { cholesky, choleskySolve, solveLower, type Matrix } from "@pellucid/core-train/linalg";
import { productOf } from "./compose-kernels.ts";
import { constant } from "./constant.ts";
import { erf } from "./erf.ts";
import type { Kernel } from "./kernel.ts";
import { learnTheta } from "./learn-theta.ts";
import type { Evaluated } from "./minimize.ts";
import { dot, type Points, readPoints } from "./points.ts";
import { rbf } from "./rbf.ts";

/** Options for {@link GaussianProcessClassifier}. */
export interface GaussianProcessClassifierOptions {
  /** The prior covariance of the latent function. Default: the constant 1 times an {@link rbf} of length scale 1, both fixed. */
  readonly kernel?: Kernel;
  /** How hyperparameters are learned: by L-BFGS between the kernel's bounds, or not. Default: `"lbfgs"`. */
  readonly optimizer?: "lbfgs" | null;
  /** How many more starts there are, at random within the bounds. Default: 0. */
  readonly nRestartsOptimizer?: number;
  /** Random generator of the restarts. */
  readonly rng?: Rng;
  /** The most rounds of Newton's method. Default: 100. */
  readonly maxIterPredict?: number;
}

/**
 * Gaussian process classification by Laplace's approximation: a Gaussian at the mode of the posterior of a latent function, whose sigmoid is the probability. Of more than two classes, one against the rest.
 *
 * The probability is the mean of the sigmoid over the latent Gaussian, by a fit of five error functions (Williams and Barber, 1998), within 1e-3 of the integral.
 *
 * Rasmussen and Williams, 2006, algorithms 3.1, 3.2 and 5.1. The numbers are those of scikit-learn's `GaussianProcessClassifier`.
 */
export class GaussianProcessClassifier {
  readonly options: GaussianProcessClassifierOptions;
  #binary: Binary[] = [];
  #classes = 0;

  constructor(options: GaussianProcessClassifierOptions = {}) {
    checkOptions("GaussianProcessClassifier", options, [
      "kernel",
      "optimizer",
      "nRestartsOptimizer",
      "rng",
      "maxIterPredict",
    ]);
    const { optimizer = "lbfgs", nRestartsOptimizer = 0, maxIterPredict = 100 } = options;
    checkChoice("GaussianProcessClassifier", "optimizer", optimizer, ["lbfgs", null]);
    checkSizes("GaussianProcessClassifier", { nRestartsOptimizer }, 0);
    checkSizes("GaussianProcessClassifier", { maxIterPredict });
    if (nRestartsOptimizer > 0) checkRng("GaussianProcessClassifier", { rng: options.rng });
    this.options = options;
  }

  /** The kernels, of two classes one, of more one for each class. */
  get kernels(): readonly Kernel[] {
    return this.#binary.map(({ kernel }) => kernel);
  }

  /**
   * @param x `[point][coordinate]`
   * @param labels integers from 0 on, `[point]`
   * @throws {DataError} Unless there are two classes or more.
   */
  fit(x: Points, labels: ArrayLike<number>): this {
    const caller = "GaussianProcessClassifier.fit";
    const points = readPoints(caller, "x", x);
    if (labels.length !== points.length)
      throw new ShapeError(`${caller}: there are ${labels.length} labels, expected ${points.length}.`);
    const all = Array.from(labels);
    for (const label of all)
      if (!Number.isInteger(label) || label < 0)
        throw new IndexError(`${caller}: a label is ${label}, expected integers from 0 on.`);
    const classes = Math.max(...all) + 1;
    if (new Set(all).size < 2 || new Set(all).size !== classes)
      throw new DataError(
        `${caller}: there are labels of ${new Set(all).size} classes up to ${classes - 1}, expected some of each class, and two classes or more.`,
      );
    const split = (label: number) => Float64Array.from(all, (each) => Number(each === label));
    this.#binary =
      classes === 2
        ? [this.#fitBinary(points, split(1))]
        : Array.from({ length: classes }, (_, label) => this.#fitBinary(points, split(label)));
    this.#classes = classes;
    return this;
  }

  /**
   * The logarithm of the approximate density of the labels given the kernel, and its derivatives by the logarithms of the hyperparameters; of more than two classes the mean.
   *
   * @param theta other hyperparameters, of two classes only. Default: those of the kernel.
   */
  logMarginalLikelihood(theta?: readonly number[]): Evaluated {
    const models = this.#fitted();
    const found = models.map(({ kernel, x, y }) =>
      laplace(
        theta === undefined ? kernel : kernel.withTheta(theta),
        x,
        y,
        this.options.maxIterPredict ?? 100,
      ),
    );
    const mean = (of: (one: Evaluated) => number) =>
      found.reduce((sum, one) => sum + of(one), 0) / found.length;
    return {
      value: mean(({ value }) => value),
      gradient: models.length === 1 ? (found[0]?.gradient ?? []) : [],
    };
  }

  /** Means and variances of the latent function, of two classes `[point]`; of more than two, of the class that is named. */
  latent(points: Points, label = 0): { readonly mean: Float64Array; readonly variance: Float64Array } {
    const models = this.#fitted();
    const model = models[models.length === 1 ? 0 : label];
    if (model === undefined)
      throw new IndexError(
        `GaussianProcessClassifier: there is no class ${label}, expected 0 to ${this.#classes - 1}.`,
      );
    const z = readPoints("GaussianProcessClassifier", "points", points, model.x[0]?.length);
    const cross = model.kernel.matrix(z, model.x);
    const mean = Float64Array.from(cross, (row) =>
      row.reduce((sum, k, i) => sum + k * ((model.y[i] ?? NaN) - (model.pi[i] ?? NaN)), 0),
    );
    const prior = model.kernel.diagonal(z);
    const variance = Float64Array.from(cross, (row, i) => {
      const v = solveLower(
        model.lower,
        row.map((k, j) => k * (model.root[j] ?? NaN)),
      );
      return (prior[i] ?? NaN) - dot(v, v);
    });
    return { mean, variance };
  }

  /** The probability of each class, `[point][class]`. */
  predictProbabilities(points: Points): number[][] {
    const models = this.#fitted();
    const columns = models.map((_, label) => {
      const { mean, variance } = this.latent(points, label);
      return Array.from(mean, (m, i) => sigmoidMean(m, variance[i] ?? NaN));
    });
    if (columns.length === 1) return (columns[0] ?? []).map((p) => [1 - p, p]);
    return (columns[0] ?? []).map((_, i) => {
      const row = columns.map((column) => column[i] ?? NaN);
      const total = row.reduce((a, b) => a + b, 0);
      return row.map((p) => p / total);
    });
  }

  /** The most probable class of each point. */
  predict(points: Points): number[] {
    return this.predictProbabilities(points).map((row) => row.indexOf(Math.max(...row)));
  }

  #fitBinary(x: Float64Array[], y: Float64Array): Binary {
    const { optimizer = "lbfgs", nRestartsOptimizer = 0, rng, maxIterPredict = 100 } = this.options;
    const start =
      this.options.kernel ?? productOf(constant(1, { bounds: "fixed" }), rbf(1, { bounds: "fixed" }));
    const kernel =
      optimizer === null || start.theta.length === 0
        ? start
        : learnTheta(start, (one) => laplace(one, x, y, maxIterPredict), nRestartsOptimizer, rng);
    const { pi, root, lower } = mode(kernel.matrix(x), y, maxIterPredict);
    return { kernel, x, y, pi, root, lower };
  }

  #fitted(): readonly Binary[] {
    if (this.#binary.length === 0)
      throw new DataError("GaussianProcessClassifier: it has seen no data, expected a call of fit first.");
    return this.#binary;
  }
}

interface Binary {
  readonly kernel: Kernel;
  readonly x: Float64Array[];
  readonly y: Float64Array;
  /** Probabilities at the mode. */
  readonly pi: Float64Array;
  /** `√(π (1 − π))` */
  readonly root: Float64Array;
  /** Of `I + √W K √W`. */
  readonly lower: Matrix;
}

/** The mode of the posterior, by Newton's method. */
function mode(K: Matrix, y: Float64Array, rounds: number) {
  const n = y.length;
  let f = new Float64Array(n);
  let value = -Infinity;
  for (let round = 0; ; round++) {
    const pi = f.map((each) => 1 / (1 + Math.exp(-each)));
    const root = pi.map((p) => Math.sqrt(p * (1 - p)));
    const { lower } = cholesky(
      K.map((row, i) => row.map((k, j) => (i === j ? 1 : 0) + (root[i] ?? NaN) * k * (root[j] ?? NaN))),
    );
    const b = f.map((each, i) => (root[i] ?? NaN) ** 2 * each + (y[i] ?? NaN) - (pi[i] ?? NaN));
    const right = K.map((row, i) => (root[i] ?? NaN) * dot(row, b));
    const a = choleskySolve(lower, right).map((each, i) => (b[i] ?? NaN) - (root[i] ?? NaN) * each);
    f = Float64Array.from(K, (row) => dot(row, a));
    const next =
      -0.5 * dot(a, f) -
      f.reduce((sum, each, i) => sum + Math.log1p(Math.exp(-(2 * (y[i] ?? NaN) - 1) * each)), 0) -
      lower.reduce((sum, row, i) => sum + Math.log(row[i] ?? NaN), 0);
    const isDone = next - value < 1e-10 || round + 1 >= rounds;
    if (!isDone || value === -Infinity) value = next;
    if (isDone) return { value, pi, root, lower, a };
  }
}

function laplace(kernel: Kernel, x: Float64Array[], y: Float64Array, rounds: number): Evaluated {
  const K = kernel.matrix(x);
  const { value, pi, root, lower, a } = mode(K, y, rounds);
  if (kernel.theta.length === 0) return { value, gradient: [] };
  const n = y.length;
  const R = Array.from({ length: n }, (_, j) =>
    choleskySolve(lower, new Float64Array(n).fill(root[j] ?? NaN, j, j + 1)).map(
      (each, i) => (root[i] ?? NaN) * each,
    ),
  ); // symmetric
  const explained = Array.from({ length: n }, (_, j) => {
    const column = solveLower(
      lower,
      Float64Array.from(K, (row, i) => (root[i] ?? NaN) * (row[j] ?? NaN)),
    );
    return dot(column, column);
  });
  const s2 = pi.map(
    (p, i) => -0.5 * ((K[i]?.[i] ?? NaN) - (explained[i] ?? NaN)) * p * (1 - p) * (1 - 2 * p),
  );
  const residual = y.map((each, i) => each - (pi[i] ?? NaN));
  const gradient = kernel.gradients(x).map((C) => {
    const direct =
      0.5 * C.reduce((sum, row, i) => sum + (a[i] ?? NaN) * dot(row, a) - dot(row, R[i] as Float64Array), 0);
    const b = Float64Array.from(C, (row) => dot(row, residual));
    const Rb = Float64Array.from(R, (row) => dot(row, b));
    const s3 = b.map((each, i) => each - dot(K[i] as Float64Array, Rb));
    return direct + dot(s2, s3);
  });
  return { value, gradient };
}

/** The arguments of five error functions, and their weights, whose sum is near the sigmoid. Williams and Barber, 1998. */
const widths = [0.41, 0.4, 0.37, 0.44, 0.39];
const weights = [-1854.8214151, 3516.89893646, 221.29346712, 128.12323805, -2010.49422654];

/** The mean of a sigmoid over a Gaussian. */
function sigmoidMean(mean: number, variance: number): number {
  const alpha = 1 / (2 * Math.max(variance, 1e-300));
  return weights.reduce((sum, weight, i) => {
    const width = widths[i] ?? NaN;
    const part = erf(width * mean * Math.sqrt(alpha / (alpha + width * width)));
    return sum + (weight * (part + 1)) / 2;
  }, 0);
}
