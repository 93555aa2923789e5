import {
  conv2d,
  type HasTorchLayout,
  init,
  initialized,
  matMul,
  Module,
  type Parameter,
  type Rng,
  type TorchLayout,
} from "@pellucid/core-train";
import {
  add,
  mul,
  type Rank,
  reshape,
  rsqrt,
  square,
  sum,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { EqualLinear } from "./equal-linear.ts";

/** Options for {@link ModulatedConv2d}. */
export interface ModulatedConv2dOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether the filters of each image are divided by their norm. Default: true. */
  readonly demodulate?: boolean;
}

const EPS = 1e-8;

/**
 * A convolution whose filters a style scales per input channel, and which are then normalized per output channel.
 * Karras et al., 2019, eqs. 1 and 3. https://arxiv.org/abs/1912.04958
 *
 * As the scale of an input channel is that of its values, the image is scaled instead of the filters, and the output divided by their norms: the
 * same numbers without filters of each image.
 */
export class ModulatedConv2d extends Module implements HasTorchLayout {
  readonly toStyle: EqualLinear;
  /** `[height, width, in, out]` */
  readonly weight: Parameter<Rank.R4>;
  readonly demodulate: boolean;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    latentFeatures: number,
    { rng, demodulate = true }: ModulatedConv2dOptions,
  ) {
    super();
    this.toStyle = new EqualLinear(latentFeatures, inChannels, { rng, bias: 1 });
    const shape = [outChannels, inChannels, kernelSize, kernelSize];
    this.weight = initialized(shape, init.normal(), rng, [2, 3, 1, 0]);
    this.demodulate = demodulate;
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: [2, 3, 1, 0] } };
  }

  /**
   * @param x `[batch, height, width, in]`
   * @param w `[batch, latent]`
   * @returns `[batch, height, width, out]`
   */
  forward(x: Tensor4D, w: Tensor2D): Tensor4D {
    const [size, , inChannels, outChannels] = this.weight.shape;
    return tidy(() => {
      const filters = mul<Tensor4D>(1 / Math.sqrt(inChannels * size ** 2), this.weight);
      const style = this.toStyle.forward(w); //                                         [batch, in]
      const scaled = mul<Tensor4D>(x, reshape(style, [-1, 1, 1, inChannels])); //       [batch, height, width, in]
      const y = conv2d(scaled, filters, null, { padding: Math.floor(size / 2) }); //    [batch, height, width, out]
      if (!this.demodulate) return y;
      const strengths = sum(square(filters), [0, 1]); //                                [in, out]
      const norms = matMul(square(style), strengths); //                                [batch, out]
      return mul(y, reshape(rsqrt(add(norms, EPS)), [-1, 1, 1, outChannels]));
    });
  }
}
