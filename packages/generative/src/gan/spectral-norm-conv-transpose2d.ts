import {
  checkOptions,
  checkRng,
  checkSizes,
  convTranspose2d,
  type ConvTranspose2dOptions,
  init,
  initialized,
  type Layer,
  Module,
  OptionError,
  type Parameter,
} from "@pellucid/core-train";
import { type Rank, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { SpectralNormLinearOptions } from "./spectral-norm-linear.ts";
import { SpectralWeight } from "./spectral-weight.ts";

/** Options for {@link SpectralNormConvTranspose2d}. */
export interface SpectralNormConvTranspose2dOptions
  extends SpectralNormLinearOptions, ConvTranspose2dOptions {}

/**
 * A transposed convolution whose filters, as a matrix with one row per output channel of a group, have the largest singular value 1. See
 * {@link SpectralNormLinear}. PyTorch's `spectral_norm(nn.ConvTranspose2d(…))`, which takes the second axis of its weight as rows.
 */
export class SpectralNormConvTranspose2d extends Module implements Layer<Tensor4D, Tensor4D> {
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly parametrizations: { readonly weight: SpectralWeight<Rank.R4> };
  readonly window: ConvTranspose2dOptions;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    options: SpectralNormConvTranspose2dOptions,
  ) {
    super();
    checkRng("SpectralNormConvTranspose2d", options);
    checkOptions("SpectralNormConvTranspose2d", options, [
      "rng",
      "bias",
      "powerIterations",
      "stride",
      "padding",
      "outputPadding",
      "dilation",
      "groups",
    ]);
    const { rng, bias = true, powerIterations = 1, ...window } = options;
    const { groups = 1 } = window;
    const caller = "SpectralNormConvTranspose2d";
    checkSizes(caller, { inChannels, outChannels, kernelSize, powerIterations, groups });
    if (inChannels % groups !== 0 || outChannels % groups !== 0)
      throw new OptionError(caller, "groups", groups, "a divisor of both numbers of channels");
    const shape = [inChannels, outChannels / groups, kernelSize, kernelSize];
    const bound = 1 / Math.sqrt((outChannels / groups) * kernelSize ** 2);
    let added: Parameter<Rank.R1> | null = null;
    const between = () => {
      if (bias) added = initialized([outChannels], init.uniform(-bound, bound), rng);
    };
    const weight = new SpectralWeight<Rank.R4>(shape, [2, 3, 1, 0], 1, powerIterations, { rng, between });
    this.bias = added;
    this.parametrizations = { weight };
    this.window = window;
  }

  /**
   * @param x `[batch, height, width, in]`
   * @returns `[batch, height, width, out]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => convTranspose2d(x, this.parametrizations.weight.value(), this.bias, this.window));
  }
}
