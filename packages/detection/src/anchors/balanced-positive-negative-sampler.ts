import { checkProbabilities, checkRng, checkSizes, type Rng } from "@pellucid/core-train";

/** Options for {@link BalancedPositiveNegativeSampler}. */
export interface BalancedPositiveNegativeSamplerOptions {
  /** Random generator for the samples, as PyTorch's default generator. */
  readonly rng: Rng;
}

/** The indices of sampled candidates, in ascending order. */
export interface BalancedSample {
  readonly positive: Int32Array;
  readonly negative: Int32Array;
}

/**
 * Draws candidates of an image for a loss, torchvision's `BalancedPositiveNegativeSampler`: at most `positiveFraction` of them positive, the rest negative. From the same state
 * of the generator it draws the same.
 */
export class BalancedPositiveNegativeSampler {
  readonly batchSizePerImage: number;
  readonly positiveFraction: number;
  readonly rng: Rng;

  constructor(
    batchSizePerImage: number,
    positiveFraction: number,
    options: BalancedPositiveNegativeSamplerOptions,
  ) {
    checkRng("BalancedPositiveNegativeSampler", options);
    checkSizes("BalancedPositiveNegativeSampler", { batchSizePerImage });
    checkProbabilities("BalancedPositiveNegativeSampler", { positiveFraction });
    this.batchSizePerImage = batchSizePerImage;
    this.positiveFraction = positiveFraction;
    this.rng = options.rng;
  }

  /** @param labels of the candidates of one image: 1 and above are positive, 0 negative, −1 neither */
  sample(labels: ArrayLike<number>): BalancedSample {
    const indices = Array.from({ length: labels.length }, (_, i) => i);
    const positives = indices.filter((i) => (labels[i] ?? NaN) >= 1);
    const negatives = indices.filter((i) => labels[i] === 0);
    const wanted = Math.trunc(this.batchSizePerImage * this.positiveFraction);
    const positive = Math.min(positives.length, wanted);
    const negative = Math.min(negatives.length, this.batchSizePerImage - positive);
    return {
      positive: this.#draw(positives, positive),
      negative: this.#draw(negatives, negative),
    };
  }

  #draw(from: readonly number[], count: number): Int32Array {
    const order = this.rng.randperm(from.length).subarray(0, count);
    return Int32Array.from(order, (i) => from[i] ?? NaN).toSorted();
  }
}
