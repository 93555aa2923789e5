import { checkSizes, checkRng } from "../check-values.ts";
import { mul, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { adaptiveAvgPool2d } from "../op/adaptive-avg-pool2d.ts";
import type { Rng } from "../rng/rng.ts";
import { Conv2d } from "./conv2d.ts";
import { relu } from "./relu.ts";
import { sigmoid } from "./sigmoid.ts";

/** Options for {@link SqueezeExcitation}. */
export interface SqueezeExcitationOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Applied between the two convolutions. Default: `relu`; EfficientNet has `silu`. */
  readonly activation?: (x: Tensor4D) => Tensor4D;
  /** Makes the weights of channels. Default: `sigmoid`; MobileNet v3 has `hardsigmoid`. */
  readonly scaleActivation?: (x: Tensor4D) => Tensor4D;
}

/**
 * Scales each channel by a weight computed from the mean of all channels: `x · sigmoid(fc2(activation(fc1(mean(x)))))`.
 *
 * torchvision's `SqueezeExcitation`, with its names.
 *
 * Hu et al., 2018. Squeeze-and-excitation networks. https://arxiv.org/abs/1709.01507
 */
export class SqueezeExcitation extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly fc1: Conv2d;
  readonly fc2: Conv2d;
  readonly #activation: (x: Tensor4D) => Tensor4D;
  readonly #scaleActivation: (x: Tensor4D) => Tensor4D;

  constructor(inputChannels: number, squeezeChannels: number, options: SqueezeExcitationOptions) {
    super();
    checkRng("SqueezeExcitation", options);
    checkOptions("SqueezeExcitation", options, ["rng", "activation", "scaleActivation"]);
    checkSizes("SqueezeExcitation", { inputChannels, squeezeChannels });
    const { rng, activation = relu, scaleActivation = sigmoid } = options;
    this.fc1 = new Conv2d(inputChannels, squeezeChannels, 1, { rng });
    this.fc2 = new Conv2d(squeezeChannels, inputChannels, 1, { rng });
    this.#activation = activation;
    this.#scaleActivation = scaleActivation;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns the same shape
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const squeezed = this.#activation(this.fc1.forward(adaptiveAvgPool2d(x, 1))); // [batch, 1, 1, squeezeChannels]
      return mul(x, this.#scaleActivation(this.fc2.forward(squeezed)));
    });
  }
}
