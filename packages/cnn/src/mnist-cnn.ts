import { Conv2d, flatten, type Layer, Linear, MaxPool2d, Module, relu, checkRng } from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MnistNetOptions } from "./mnist-mlp.ts";

/**
 * Two convolutions with pooling and one linear layer, in the manner of LeNet, for 28×28 digits. 8,490 parameters.
 *
 * LeCun et al., 1998. Gradient-based learning applied to document recognition. https://doi.org/10.1109/5.726791
 */
export class MnistCnn extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly pooling = new MaxPool2d(2);
  readonly fc: Linear;

  constructor(options: MnistNetOptions) {
    super();
    checkRng("MnistCnn", options);
    const { rng } = options;
    this.conv1 = new Conv2d(1, 10, 5, { rng });
    this.conv2 = new Conv2d(10, 20, 5, { rng });
    this.fc = new Linear(320, 10, { rng });
  }

  /**
   * @param images `[batch, 28, 28, 1]`
   * @returns logits `[batch, 10]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      let x = relu(this.pooling.forward(this.conv1.forward(images))); // [batch, 12, 12, 10]
      x = relu(this.pooling.forward(this.conv2.forward(x))); //          [batch, 4, 4, 20]
      return this.fc.forward(flatten(x)); //                             [batch, 10]
    });
  }
}
