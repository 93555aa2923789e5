import { Conv2d, flatten, type Layer, Linear, MaxPool2d, Module, relu, checkRng } from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MnistNetOptions } from "./mnist-mlp.ts";

/**
 * LeNet-5 as in PyTorch's tutorial on CIFAR-10, for 32×32 color images: with ReLU instead of tanh, and max-pooling instead of trained pooling.
 * 62,006 parameters.
 *
 * LeCun et al., 1998. Gradient-based learning applied to document recognition. https://doi.org/10.1109/5.726791
 */
export class ConvNet extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv1: Conv2d;
  readonly pool = new MaxPool2d(2);
  readonly conv2: Conv2d;
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly fc3: Linear;

  constructor(options: MnistNetOptions) {
    super();
    checkRng("ConvNet", options);
    const { rng } = options;
    this.conv1 = new Conv2d(3, 6, 5, { rng });
    this.conv2 = new Conv2d(6, 16, 5, { rng });
    this.fc1 = new Linear(16 * 5 * 5, 120, { rng });
    this.fc2 = new Linear(120, 84, { rng });
    this.fc3 = new Linear(84, 10, { rng });
  }

  /**
   * @param images `[batch, 32, 32, 3]`
   * @returns logits `[batch, 10]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.pool.forward(relu(this.conv1.forward(images))); // [batch, 14, 14, 6]
      const small = this.pool.forward(relu(this.conv2.forward(maps))); //  [batch, 5, 5, 16]
      let x = relu(this.fc1.forward(flatten(small))); //                   [batch, 120]
      x = relu(this.fc2.forward(x)); //                                    [batch, 84]
      return this.fc3.forward(x); //                                       [batch, 10]
    });
  }
}
