import { checkShape, checkSizes, type Layer, linear } from "@pellucid/core-train";
import type { Rank, Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { BayesianLayer, type BayesianOptions, checkBayesian } from "./bayesian-layer.ts";

/** A linear layer whose weights are distributions; see {@link BayesianLayer}. Blundell et al., 2015. https://arxiv.org/abs/1505.05424 */
export class BayesianLinear extends BayesianLayer<Rank.R2> implements Layer<Tensor2D, Tensor2D> {
  readonly inFeatures: number;
  readonly outFeatures: number;

  constructor(inFeatures: number, outFeatures: number, options: BayesianOptions) {
    checkBayesian("BayesianLinear", options);
    checkSizes("BayesianLinear", { inFeatures, outFeatures });
    super([outFeatures, inFeatures], [1, 0], options);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
  }

  /**
   * @param x `[batch, in]`
   * @returns `[batch, out]`
   */
  forward(x: Tensor2D): Tensor2D {
    return this.run(this.#checked(x));
  }

  /** Mean and variance of the output over the weights, `[batch, out]` each. */
  outputDistribution(x: Tensor2D): { readonly mean: Tensor2D; readonly variance: Tensor2D } {
    return this.distribution(this.#checked(x));
  }

  protected apply(x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
    return linear(x, weight as Tensor2D, bias as never);
  }

  #checked(x: Tensor2D): Tensor2D {
    checkShape(`BayesianLinear(${this.inFeatures}, ${this.outFeatures})`, "x", x, ["batch", this.inFeatures]);
    return x;
  }
}
