import { adaptiveAvgPool2d, Conv2d, type Layer, Module, type Rng, sigmoid, silu } from "@pellucid/core-train";
import { mul, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/**
 * Weighs the channels by what the whole picture says of them: `x · sigmoid(fc2(silu(fc1(mean(x)))))`.
 *
 * Hu et al., 2018. Squeeze-and-excitation networks. https://arxiv.org/abs/1709.01507; with SiLU, as EfficientNet has it.
 */
export class SqueezeExcitation extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly fc1: Conv2d;
  readonly fc2: Conv2d;

  constructor(inputChannels: number, squeezeChannels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.fc1 = new Conv2d(inputChannels, squeezeChannels, 1, { rng });
    this.fc2 = new Conv2d(squeezeChannels, inputChannels, 1, { rng });
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns the same shape
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const few = silu(this.fc1.forward(adaptiveAvgPool2d(x, 1))); // [batch, 1, 1, squeezeChannels]
      return mul(x, sigmoid(this.fc2.forward(few)));
    });
  }
}
