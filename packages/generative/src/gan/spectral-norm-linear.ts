import {
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  init,
  initialized,
  type Layer,
  linear,
  Module,
  type Parameter,
  type Rng,
} from "@pellucid/core-train";
import { type Rank, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { SpectralWeight } from "./spectral-weight.ts";

/** Options for {@link SpectralNormLinear}. */
export interface SpectralNormLinearOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether to add `b`. Default: true. */
  readonly bias?: boolean;
  /** Iterations of the power method at each call in training mode. Default: 1. */
  readonly powerIterations?: number;
}

/**
 * A linear layer whose weight has the largest singular value 1: no output changes faster than its input. What a discriminator is made of that
 * is to stay smooth. PyTorch's `spectral_norm(nn.Linear(…))` of `torch.nn.utils.parametrizations`, with its names and initial numbers.
 *
 * Miyato et al., 2018. https://arxiv.org/abs/1802.05957
 */
export class SpectralNormLinear extends Module implements Layer<Tensor, Tensor> {
  readonly inFeatures: number;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly parametrizations: { readonly weight: SpectralWeight<Rank.R2> };

  constructor(inFeatures: number, outFeatures: number, options: SpectralNormLinearOptions) {
    super();
    checkRng("SpectralNormLinear", options);
    checkOptions("SpectralNormLinear", options, ["rng", "bias", "powerIterations"]);
    const { rng, bias = true, powerIterations = 1 } = options;
    checkSizes("SpectralNormLinear", { inFeatures, outFeatures, powerIterations });
    const bound = 1 / Math.sqrt(inFeatures);
    let added: Parameter<Rank.R1> | null = null;
    const between = () => {
      if (bias) added = initialized([outFeatures], init.uniform(-bound, bound), rng);
    };
    const weight = new SpectralWeight<Rank.R2>([outFeatures, inFeatures], [1, 0], 0, powerIterations, {
      rng,
      between,
    });
    this.inFeatures = inFeatures;
    this.bias = added;
    this.parametrizations = { weight };
  }

  /**
   * @param x `[…, in]`
   * @returns `[…, out]`
   */
  forward<X extends Tensor>(x: X): X {
    checkShape("SpectralNormLinear", "x", x, ["...", this.inFeatures]);
    return tidy(() => linear(x, this.parametrizations.weight.value(), this.bias));
  }
}
