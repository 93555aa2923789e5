import {
  type Buffer,
  bufferValue,
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkSizes,
  init,
  initialized,
  type Initializer,
  isTraining,
  type Layer,
  matMul,
  Module,
  noGrad,
  oneHot,
  type Rng,
  stateBuffer,
  tidyLeaves,
  updateBuffer,
} from "@pellucid/core-train";
import {
  add,
  div,
  expandDims,
  gather,
  less,
  mul,
  onesLike,
  type Rank,
  reshape,
  type Scalar,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  where,
} from "@tensorflow/tfjs-core";
import { vectorQuantize } from "./vector-quantize.ts";
import type { QuantizerOutput, VectorQuantizerOptions } from "./vector-quantizer.ts";

/** Options for {@link EmaVectorQuantizer}. */
export interface EmaVectorQuantizerOptions extends VectorQuantizerOptions {
  /** How much of the running sums is kept at each step. Default: 0.99. */
  readonly decay?: number;
  /** Added to each count, so that an unused code is not divided by 0. Default: 1e-5. */
  readonly eps?: number;
  /** A code whose running count is less starts anew from a vector of the batch. Default: 0, none does. */
  readonly reviveBelow?: number;
}

/**
 * A codebook of running means: each code is the mean of the vectors that became it, so it needs no gradient, and the loss is
 * `beta · commitmentLoss`. It moves in training mode only. Codes that are dead, as they are nearest to nothing, may be revived.
 *
 * van den Oord, Vinyals and Kavukcuoglu, 2017, appendix A.1, eqs. 6 to 8. https://arxiv.org/abs/1711.00937; reviving: Dhariwal et al., 2020,
 * Jukebox, section 3.1. Codes start from the standard normal distribution, with counts of 1. The vectors for dead codes are drawn as
 * `torch.randint(rows, (numCodes,))`.
 */
export class EmaVectorQuantizer extends Module implements Layer<Tensor, QuantizerOutput> {
  /** `[code, feature]` */
  readonly codebook: Buffer<Rank.R2>;
  /** How many vectors become each code in a batch, the running mean, `[code]`. */
  readonly clusterSize: Buffer<Rank.R1>;
  /** The sum of these vectors, the running mean, `[code, feature]`. */
  readonly clusterSum: Buffer<Rank.R2>;
  readonly beta: number;
  readonly decay: number;
  readonly eps: number;
  readonly reviveBelow: number;
  readonly #rng: Rng;

  constructor(numCodes: number, features: number, options: EmaVectorQuantizerOptions) {
    super();
    checkRng("EmaVectorQuantizer", options);
    checkOptions("EmaVectorQuantizer", options, ["rng", "beta", "decay", "eps", "reviveBelow"]);
    const { rng, beta = 0.25, decay = 0.99, eps = 1e-5, reviveBelow = 0 } = options;
    checkSizes("EmaVectorQuantizer", { numCodes, features });
    checkNotNegative("EmaVectorQuantizer", { beta, reviveBelow });
    checkProbabilities("EmaVectorQuantizer", { decay });
    checkPositive("EmaVectorQuantizer", { eps });
    let codes = init.zeros()([numCodes, features]);
    const draw: Initializer = (shape, generator) => (codes = init.normal()(shape, generator));
    initialized(codes.shape, draw, rng).dispose();
    this.codebook = stateBuffer(codes);
    this.clusterSize = stateBuffer(init.ones()([numCodes]));
    this.clusterSum = stateBuffer(codes);
    this.beta = beta;
    this.decay = decay;
    this.eps = eps;
    this.reviveBelow = reviveBelow;
    this.#rng = rng;
  }

  /**
   * @param z `[…, feature]`
   * @returns codes of the shape of `z`, and the loss
   */
  forward(z: Tensor): QuantizerOutput {
    return tidyLeaves(() => {
      const found = vectorQuantize(z, bufferValue(this.codebook));
      if (isTraining(this)) noGrad(() => this.#follow(z, found.indices));
      return { ...found, loss: mul(this.beta, found.commitmentLoss) as Scalar };
    });
  }

  #follow(z: Tensor, indices: Tensor): void {
    const [numCodes, features] = this.codebook.shape;
    const { decay, eps } = this;
    const rows = reshape<Rank.R2>(z, [-1, features]); //                              [row, feature]
    const chosen = oneHot<Tensor2D>(reshape(indices, [-1]), numCodes); //             [row, code]
    const mixed = (old: Tensor, now: Tensor) => add(mul(decay, old), mul(1 - decay, now));
    updateBuffer(this.clusterSize, (old) => mixed(old, sum(chosen, 0)));
    updateBuffer(this.clusterSum, (old) => mixed(old, matMul(chosen, rows, true)));
    if (this.reviveBelow > 0) this.#revive(rows);
    const counts = bufferValue(this.clusterSize); //                                  [code]
    const total = sum(counts); //                                                     []
    const smooth = mul(div(add(counts, eps), add(total, numCodes * eps)), total); //  [code]
    updateBuffer(this.codebook, () => div(bufferValue(this.clusterSum), expandDims(smooth, 1)));
  }

  /** Gives each dead code a count of 1 and a vector of the batch. */
  #revive(rows: Tensor2D): void {
    const counts = bufferValue(this.clusterSize); //                                                 [code]
    const isDead = less(counts, this.reviveBelow); //                                                [code]
    const drawn = tensor1d(this.#rng.randint(0, rows.shape[0], counts.shape).data, "int32"); //      [code]
    const fresh = gather(rows, drawn); //                                                            [code, feature]
    updateBuffer(this.clusterSize, (old) => where(isDead, onesLike(old), old));
    updateBuffer(this.clusterSum, (old) => where(expandDims(isDead as Tensor1D, 1), fresh, old));
  }
}
