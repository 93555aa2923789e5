import { checkShape, checkSizes, conv2d, type Layer } from "@pellucid/core-train";
import type { Rank, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { BayesianLayer, type BayesianOptions, checkBayesian } from "./bayesian-layer.ts";

/** Options for {@link BayesianConv2d}. */
export interface BayesianConv2dOptions extends BayesianOptions {
  /** Default: 1. */
  readonly stride?: number;
  /** Zeros on each side. Default: 0. */
  readonly padding?: number;
  /** Default: 1. */
  readonly dilation?: number;
}

/**
 * A convolution whose filters are distributions; see {@link BayesianLayer}. With {@link localReparameterization} one convolution gives the mean and another the variance of each output:
 * `b = A ∗ μ + ε ⊙ √(A² ∗ σ²)`. Shridhar et al., 2019, equation 3. https://arxiv.org/abs/1901.02731 The course notes write the deviation as `α μ²` (Kingma's multiplicative noise); here, as in their code, it is a parameter of its own.
 */
export class BayesianConv2d extends BayesianLayer<Rank.R4> implements Layer<Tensor4D, Tensor4D> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;

  constructor(inChannels: number, outChannels: number, kernelSize: number, options: BayesianConv2dOptions) {
    const { stride = 1, padding = 0, dilation = 1, ...rest } = Object(options) as BayesianConv2dOptions;
    checkBayesian("BayesianConv2d", options === undefined || options === null ? options : rest);
    checkSizes("BayesianConv2d", { inChannels, outChannels, kernelSize, stride, dilation });
    checkSizes("BayesianConv2d", { padding }, 0);
    super([outChannels, inChannels, kernelSize, kernelSize], [2, 3, 1, 0], rest);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
  }

  /**
   * @param x `[batch, height, width, in]`
   * @returns `[batch, height, width, out]`
   */
  forward(x: Tensor4D): Tensor4D {
    return this.run(this.#checked(x));
  }

  /** Mean and variance of the output over the filters, `[batch, height, width, out]` each: the two maps of a Bayesian convolution. */
  outputDistribution(x: Tensor4D): { readonly mean: Tensor4D; readonly variance: Tensor4D } {
    return this.distribution(this.#checked(x));
  }

  protected apply(x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
    const { stride, padding, dilation } = this;
    return conv2d(x as Tensor4D, weight as Tensor4D, bias as never, { stride, padding, dilation });
  }

  #checked(x: Tensor4D): Tensor4D {
    const caller = `BayesianConv2d(${this.inChannels}, ${this.outChannels}, ${this.kernelSize})`;
    checkShape(caller, "x", x, ["batch", "height", "width", this.inChannels]);
    return x;
  }
}
