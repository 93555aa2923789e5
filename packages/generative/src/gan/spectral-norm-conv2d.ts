import {
  checkOptions,
  checkRng,
  checkSizes,
  conv2d,
  type Conv2dOptions,
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

/** Options for {@link SpectralNormConv2d}. */
export interface SpectralNormConv2dOptions extends SpectralNormLinearOptions, Conv2dOptions {}

/**
 * A convolution whose filters, as a matrix with one row per output channel, have the largest singular value 1. See
 * {@link SpectralNormLinear}. PyTorch's `spectral_norm(nn.Conv2d(…))`.
 */
export class SpectralNormConv2d extends Module implements Layer<Tensor4D, Tensor4D> {
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly parametrizations: { readonly weight: SpectralWeight<Rank.R4> };
  readonly window: Conv2dOptions;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    options: SpectralNormConv2dOptions,
  ) {
    super();
    checkRng("SpectralNormConv2d", options);
    checkOptions("SpectralNormConv2d", options, [
      "rng",
      "bias",
      "powerIterations",
      "stride",
      "padding",
      "dilation",
      "groups",
    ]);
    const { rng, bias = true, powerIterations = 1, ...window } = options;
    const { groups = 1 } = window;
    checkSizes("SpectralNormConv2d", { inChannels, outChannels, kernelSize, powerIterations, groups });
    if (inChannels % groups !== 0 || outChannels % groups !== 0)
      throw new OptionError("SpectralNormConv2d", "groups", groups, "a divisor of both numbers of channels");
    const shape = [outChannels, inChannels / groups, kernelSize, kernelSize];
    const bound = 1 / Math.sqrt((inChannels / groups) * kernelSize ** 2);
    let added: Parameter<Rank.R1> | null = null;
    const between = () => {
      if (bias) added = initialized([outChannels], init.uniform(-bound, bound), rng);
    };
    const weight = new SpectralWeight<Rank.R4>(shape, [2, 3, 1, 0], 0, powerIterations, { rng, between });
    this.bias = added;
    this.parametrizations = { weight };
    this.window = window;
  }

  /**
   * @param x `[batch, height, width, in]`
   * @returns `[batch, height, width, out]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => conv2d(x, this.parametrizations.weight.value(), this.bias, this.window));
  }
}
