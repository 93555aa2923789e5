import { checkOptions, checkPositive, checkShape, matMul, normalizeVectors } from "@pellucid/core-train";
import {
  div,
  expandDims,
  greater,
  mean,
  ones,
  pow,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** How far apart embeddings are, or how alike. */
export interface Distance {
  /** Whether a larger number means nearer. */
  readonly isSimilarity: boolean;
  /**
   * @param x `[row, feature]`
   * @param y `[column, feature]`
   * @returns `[row, column]`
   */
  matrix(x: Tensor, y: Tensor): Tensor2D;
}

/** Options for {@link euclidean}. */
export interface EuclideanOptions {
  /** Whether embeddings are scaled to length 1 before. Default: true. */
  readonly normalize?: boolean;
  /** The exponent of the distance: 2 for squared ones, as in FaceNet. Default: 1. */
  readonly power?: number;
}

/**
 * Euclid's distance, `‖x − y‖^power`, pytorch-metric-learning's `LpDistance`. Of two equal embeddings it is 0, and so is its gradient.
 *
 * @throws {OptionError} for a wrong option
 */
export function euclidean(options: EuclideanOptions = {}): Distance {
  checkOptions("euclidean", options, ["normalize", "power"]);
  const { normalize = true, power = 1 } = options;
  checkPositive("euclidean", { power });
  return {
    isSimilarity: false,
    matrix: (x, y) =>
      tidy(() => {
        checkFeatures("euclidean", x, y);
        const [a, b] = normalize ? [normalizeVectors(x), normalizeVectors(y)] : [x, y];
        const squares = sum(square(sub(expandDims(a, 1), expandDims(b, 0))), 2) as Tensor2D; // [row, column]
        if (power === 2) return squares;
        const distances = safeSqrt(squares);
        return power === 1 ? distances : pow(distances, power);
      }),
  };
}

/** The cosine of the angle between two embeddings. */
export function cosine(): Distance {
  return {
    isSimilarity: true,
    matrix: (x, y) =>
      tidy(() => {
        checkFeatures("cosine", x, y);
        return matMul(normalizeVectors(x), normalizeVectors(y), false, true) as Tensor2D; // [row, column]
      }),
  };
}

/** The dot product of two embeddings. */
export function dotProduct(): Distance {
  return {
    isSimilarity: true,
    matrix: (x, y) =>
      tidy(() => {
        checkFeatures("dotProduct", x, y);
        return matMul(x, y, false, true) as Tensor2D; // [row, column]
      }),
  };
}

/**
 * The variance of the difference by the variance of the anchor, `Var(x − y) / Var(x)`: noise over signal. Not symmetric. Yuan et al., 2019. https://arxiv.org/abs/1904.02616
 *
 * @throws {OptionError} for a wrong option
 */
export function signalToNoise(options: Pick<EuclideanOptions, "normalize"> = {}): Distance {
  checkOptions("signalToNoise", options, ["normalize"]);
  const { normalize = true } = options;
  return {
    isSimilarity: false,
    matrix: (x, y) =>
      tidy(() => {
        checkFeatures("signalToNoise", x, y);
        const [, features = 0] = x.shape;
        const [a, b] = normalize ? [normalizeVectors(x), normalizeVectors(y)] : [x, y];
        const anchor = varianceOf(a, features); //                                        [row, 1]
        const noise = varianceOf(sub(expandDims(a, 1), expandDims(b, 0)), features); // [row, column, 1]
        return div(sum(noise, 2), anchor) as Tensor2D; //                                [row, column]
      }),
  };
}

/** Along the last axis, unbiased. */
function varianceOf(x: Tensor, features: number): Tensor {
  return div(sum(square(sub(x, mean(x, -1, true))), -1, true), features - 1);
}

/** The root, whose gradient at 0 is 0 in place of infinite. */
export function safeSqrt<T extends Tensor>(x: T): T {
  const isAbove = greater(x, 0);
  const root = sqrt(where(isAbove, x, ones(x.shape))); // the other branch of `where` must be finite, too
  return where(isAbove, root, zerosLike(root)) as T;
}

function checkFeatures(caller: string, x: Tensor, y: Tensor): void {
  checkShape(caller, "x", x, ["row", "feature"]);
  checkShape(caller, "y", y, ["column", x.shape[1] ?? 0]);
}
