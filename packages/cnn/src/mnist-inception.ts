import { Conv2d, flatten, type Layer, Linear, MaxPool2d, Module, relu, checkRng } from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { InceptionA } from "./inception-a.ts";
import type { MnistNetOptions } from "./mnist-mlp.ts";

/**
 * Two convolutions, an {@link InceptionA} after each, for 28×28 digits. 97,298 parameters.
 *
 * Kim, PyTorchZeroToAll, `11_1_toy_inception_mnist.py`. https://github.com/hunkim/PyTorchZeroToAll. Returns logits, where the original
 * returns their log-softmax.
 */
export class MnistInception extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly incep1: InceptionA;
  readonly incep2: InceptionA;
  readonly mp = new MaxPool2d(2);
  readonly fc: Linear;

  constructor(options: MnistNetOptions) {
    super();
    checkRng("MnistInception", options);
    const { rng } = options;
    this.conv1 = new Conv2d(1, 10, 5, { rng });
    this.conv2 = new Conv2d(88, 20, 5, { rng });
    this.incep1 = new InceptionA(10, { rng });
    this.incep2 = new InceptionA(20, { rng });
    this.fc = new Linear(1408, 10, { rng }); // 1408 = 4 · 4 · 88
  }

  /**
   * @param images `[batch, 28, 28, 1]`
   * @returns logits `[batch, 10]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      let x = relu(this.mp.forward(this.conv1.forward(images))); // [batch, 12, 12, 10]
      x = this.incep1.forward(x); //                                [batch, 12, 12, 88]
      x = relu(this.mp.forward(this.conv2.forward(x))); //          [batch, 4, 4, 20]
      x = this.incep2.forward(x); //                                [batch, 4, 4, 88]
      return this.fc.forward(flatten(x)); //                        [batch, 10]
    });
  }
}
