import { Conv2d, flatten, type Layer, Linear, maxPool2d, Module, relu, checkRng } from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MnistNetOptions } from "./mnist-mlp.ts";

/**
 * Two 3×3 convolutions, max-pooling and a linear layer for the 8×8 UCI digits: the model of the first example. 9,930 parameters,
 * about 98 % accuracy after six seconds of training on one core.
 */
export class DigitsCnn extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly fc: Linear;

  constructor(options: MnistNetOptions) {
    super();
    checkRng("DigitsCnn", options);
    const { rng } = options;
    this.conv1 = new Conv2d(1, 16, 3, { rng, padding: 1 });
    this.conv2 = new Conv2d(16, 32, 3, { rng, padding: 1 });
    this.fc = new Linear(512, 10, { rng });
  }

  /**
   * @param images `[batch, 8, 8, 1]`
   * @returns logits `[batch, 10]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      let x = relu(this.conv1.forward(images)); // [batch, 8, 8, 16]
      x = relu(this.conv2.forward(x)); //          [batch, 8, 8, 32]
      x = maxPool2d(x, 2); //      [batch, 4, 4, 32]
      return this.fc.forward(flatten(x)); //       [batch, 10]
    });
  }
}
