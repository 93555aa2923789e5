import { Conv2d, flatten, type Layer, Linear, MaxPool2d, Module, relu, checkRng } from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MnistNetOptions } from "./mnist-mlp.ts";

/**
 * Two 3×3 convolutions of 32 and 64 maps, each halved by a pool, and two linear layers, for 28×28 digits: wide enough to
 * browse its maps. 421,642 parameters.
 */
export class SimpleCnn extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv1: Conv2d;
  readonly pool = new MaxPool2d(2);
  readonly conv2: Conv2d;
  readonly fc1: Linear;
  readonly fc2: Linear;

  constructor(options: MnistNetOptions) {
    super();
    checkRng("SimpleCnn", options);
    const { rng } = options;
    this.conv1 = new Conv2d(1, 32, 3, { rng, padding: 1 });
    this.conv2 = new Conv2d(32, 64, 3, { rng, padding: 1 });
    this.fc1 = new Linear(64 * 7 * 7, 128, { rng });
    this.fc2 = new Linear(128, 10, { rng });
  }

  /**
   * @param images `[batch, 28, 28, 1]`
   * @returns logits `[batch, 10]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      let x = this.pool.forward(relu(this.conv1.forward(images))); // [batch, 14, 14, 32]
      x = this.pool.forward(relu(this.conv2.forward(x))); //          [batch, 7, 7, 64]
      const hidden = relu(this.fc1.forward(flatten(x))); //           [batch, 128]
      return this.fc2.forward(hidden); //                             [batch, 10]
    });
  }
}
