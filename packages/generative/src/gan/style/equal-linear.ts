import {
  type HasTorchLayout,
  init,
  initialized,
  type Layer,
  linear,
  Module,
  type Parameter,
  type Rng,
  type TorchLayout,
} from "@pellucid/core-train";
import { mul, type Rank, type Tensor2D, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link EqualLinear}. */
export interface EqualLinearOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The first value of the bias. Default: 0. */
  readonly bias?: number;
}

/** A linear layer with standard normal weights, scaled by `1 / √in` when used: all layers learn equally fast. Karras et al., 2017, section 4.1. */
export class EqualLinear extends Module implements Layer<Tensor2D, Tensor2D>, HasTorchLayout {
  /** `[in, out]` */
  readonly weight: Parameter<Rank.R2>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1>;

  constructor(inFeatures: number, outFeatures: number, { rng, bias = 0 }: EqualLinearOptions) {
    super();
    this.weight = initialized([outFeatures, inFeatures], init.normal(), rng, [1, 0]);
    this.bias = initialized([outFeatures], init.constant(bias));
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: [1, 0] } };
  }

  /**
   * @param x `[batch, inFeatures]`
   * @returns `[batch, outFeatures]`
   */
  forward(x: Tensor2D): Tensor2D {
    const scale = 1 / Math.sqrt(this.weight.shape[0]);
    return tidy(() => linear(x, mul(scale, this.weight), this.bias));
  }
}
