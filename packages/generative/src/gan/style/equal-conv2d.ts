import {
  conv2d,
  type HasTorchLayout,
  init,
  initialized,
  type Layer,
  Module,
  type Parameter,
  type Rng,
  type TorchLayout,
} from "@pellucid/core-train";
import { mul, type Rank, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** A convolution with standard normal filters, scaled by `1 / √fanIn` when used. See {@link EqualLinear}. */
export class EqualConv2d extends Module implements Layer<Tensor4D, Tensor4D>, HasTorchLayout {
  /** `[height, width, in, out]` */
  readonly weight: Parameter<Rank.R4>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1>;

  constructor(inChannels: number, outChannels: number, kernelSize: number, { rng }: { readonly rng: Rng }) {
    super();
    const shape = [outChannels, inChannels, kernelSize, kernelSize];
    this.weight = initialized(shape, init.normal(), rng, [2, 3, 1, 0]);
    this.bias = initialized([outChannels], init.zeros());
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: [2, 3, 1, 0] } };
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height, width, outChannels]`
   */
  forward(x: Tensor4D): Tensor4D {
    const [size, , inChannels] = this.weight.shape;
    const scale = 1 / Math.sqrt(inChannels * size ** 2);
    return tidy(() => conv2d(x, mul(scale, this.weight), this.bias, { padding: Math.floor(size / 2) }));
  }
}
