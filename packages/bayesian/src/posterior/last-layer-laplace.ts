import { checkArguments, checkChoice, checkOptions, checkPositive, ShapeError } from "@pellucid/core-train";
import { cholesky, logDeterminant, type Matrix, solveLower } from "@pellucid/core-train/linalg";
import { probit } from "./probit.ts";
import { softmaxCurvature } from "./softmax-curvature.ts";

/** Options for {@link LastLayerLaplace}. */
export interface LastLayerLaplaceOptions {
  /** The precision of the prior of each weight, which is normal with mean 0. Default: 1. */
  readonly priorPrecision?: number;
  /** The whole Hessian, or the product of one of features and one of outputs, which is far smaller. Default: `"full"`. */
  readonly structure?: "full" | "kronecker";
}

/** The logits of an example: their mean, and their covariance over the weights. */
export interface LogitDistribution {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

/**
 * A normal distribution of the weights of a trained last layer, from the curvature of the loss: the Hessian (generalized Gauss–Newton) `H = Σ φφᵀ ⊗ (diag p − ppᵀ) + λ I`, whose inverse is the covariance. The features
 * get a constant 1 for the bias. In 64 bits.
 *
 * MacKay, 1992. https://doi.org/10.1162/neco.1992.4.3.448 Kristiadi et al., 2020. https://arxiv.org/abs/2002.10118 Kronecker form: Ritter et al., 2018.
 */
export class LastLayerLaplace {
  readonly classes: number;
  readonly features: number;
  readonly #covarianceOf: (phi: Float64Array) => Matrix;
  /** `log det H` and `log det λ I`. */
  readonly #logDeterminants: readonly [posterior: number, prior: number];

  /**
   * @param features of the training examples, before the last layer
   * @param probabilities of the trained model for them
   */
  constructor(
    features: readonly ArrayLike<number>[],
    probabilities: readonly ArrayLike<number>[],
    options: LastLayerLaplaceOptions = {},
  ) {
    checkArguments("LastLayerLaplace", { "numbers[]": { features, probabilities } });
    checkOptions("LastLayerLaplace", options, ["priorPrecision", "structure"]);
    const { priorPrecision = 1, structure = "full" } = options;
    checkPositive("LastLayerLaplace", { priorPrecision });
    checkChoice("LastLayerLaplace", "structure", structure, ["full", "kronecker"]);
    if (features.length === 0 || features.length !== probabilities.length)
      throw new ShapeError(
        `LastLayerLaplace: ${features.length} rows of features and ${probabilities.length} of probabilities, expected as many, at least one.`,
      );
    const phis = features.map(withBias);
    this.features = (phis[0] as Float64Array).length;
    this.classes = (probabilities[0] as ArrayLike<number>).length;
    const curvatures = probabilities.map(softmaxCurvature);
    const size = this.features * this.classes;
    const built =
      structure === "full"
        ? full(phis, curvatures, priorPrecision)
        : kronecker(phis, curvatures, priorPrecision);
    this.#covarianceOf = built.covarianceOf;
    this.#logDeterminants = [built.logDeterminant, size * Math.log(priorPrecision)];
  }

  /** The distribution of the logits of an example, given its features and the logits of the trained model. */
  logits(features: ArrayLike<number>, logits: ArrayLike<number>): LogitDistribution {
    if (features.length !== this.features - 1 || logits.length !== this.classes)
      throw new ShapeError(
        `LastLayerLaplace: ${features.length} features and ${logits.length} logits, expected ${this.features - 1} and ${this.classes}.`,
      );
    return { mean: Float64Array.from(logits), covariance: this.#covarianceOf(withBias(features)) };
  }

  /** Probabilities by the probit approximation: the softmax of `mean / √(1 + π/8 · variance)`. MacKay, 1992. */
  predict(features: ArrayLike<number>, logits: ArrayLike<number>): Float64Array {
    return probit(this.logits(features, logits));
  }

  /**
   * The logarithm of the marginal likelihood, by which prior precisions are compared: `−NLL − λ/2 ‖w‖² + ½ log det λ − ½ log det H`.
   *
   * @param nll summed over the training data
   * @param squaredNorm of the weights and biases of the last layer
   * @param priorPrecision that of the options
   */
  logMarginalLikelihood({
    nll,
    squaredNorm,
    priorPrecision = 1,
  }: {
    readonly nll: number;
    readonly squaredNorm: number;
    readonly priorPrecision?: number;
  }): number {
    const [posterior, prior] = this.#logDeterminants;
    return -nll - (priorPrecision / 2) * squaredNorm + (prior - posterior) / 2;
  }
}

interface Built {
  readonly covarianceOf: (phi: Float64Array) => Matrix;
  readonly logDeterminant: number;
}

/** `H` as one matrix, of class by feature. */
function full(phis: readonly Float64Array[], curvatures: readonly Matrix[], precision: number): Built {
  const [features, classes] = [(phis[0] as Float64Array).length, (curvatures[0] as Matrix).length];
  const hessian = identity(features * classes, precision);
  phis.forEach((phi, n) =>
    (curvatures[n] as Matrix).forEach((row, c) =>
      row.forEach((curvature, d) => {
        if (curvature === 0) return;
        for (let i = 0; i < features; i++) {
          const target = hessian[c * features + i] as Float64Array;
          const left = curvature * (phi[i] ?? NaN);
          for (let j = 0; j < features; j++)
            target[d * features + j] = (target[d * features + j] ?? NaN) + left * (phi[j] ?? NaN);
        }
      }),
    ),
  );
  const { lower } = cholesky(hessian);
  return {
    logDeterminant: logDeterminant(lower),
    covarianceOf(phi) {
      const columns = Array.from({ length: classes }, (_, c) => {
        const b = new Float64Array(features * classes);
        b.set(phi, c * features);
        return solveLower(lower, b);
      });
      return columns.map((left) => Float64Array.from(columns, (right) => inner(left, right)));
    },
  };
}

/** `(A + √λ I) ⊗ (B + √λ I)` with `A = Σ φφᵀ / √N` and `B = Σ (diag p − ppᵀ) / √N`. */
function kronecker(phis: readonly Float64Array[], curvatures: readonly Matrix[], precision: number): Built {
  const count = Math.sqrt(phis.length);
  const [features, classes] = [(phis[0] as Float64Array).length, (curvatures[0] as Matrix).length];
  const [a, b] = [identity(features, Math.sqrt(precision)), identity(classes, Math.sqrt(precision))];
  for (const phi of phis)
    a.forEach((row, i) =>
      row.forEach((value, j) => (row[j] = value + ((phi[i] ?? NaN) * (phi[j] ?? NaN)) / count)),
    );
  for (const curvature of curvatures)
    b.forEach((row, i) =>
      row.forEach((value, j) => (row[j] = value + ((curvature[i] as Float64Array)[j] ?? NaN) / count)),
    );
  const [lowerA, lowerB] = [cholesky(a).lower, cholesky(b).lower];
  const inverseB = Array.from({ length: classes }, (_, c) =>
    solveLower(
      lowerB,
      Float64Array.from({ length: classes }, (_unit, k) => Number(k === c)),
    ),
  );
  return {
    logDeterminant: classes * logDeterminant(lowerA) + features * logDeterminant(lowerB),
    covarianceOf(phi) {
      const half = solveLower(lowerA, phi);
      const scale = inner(half, half);
      return inverseB.map((left) => Float64Array.from(inverseB, (right) => scale * inner(left, right)));
    },
  };
}

const withBias = (features: ArrayLike<number>): Float64Array =>
  Float64Array.from([...Array.from(features), 1]);
const inner = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);
const identity = (size: number, scale: number): Float64Array[] =>
  Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (_unit, j) => (i === j ? scale : 0)),
  );
