import { avgPool2d, Conv2d, type Layer, Module, checkSizes, checkRng } from "@pellucid/core-train";
import { concat, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MnistNetOptions } from "./mnist-mlp.ts";

/**
 * Four parallel branches: 1×1, 5×5, two 3×3, and an average; `inChannels` to 88 channels.
 *
 * Szegedy et al., 2015. Going deeper with convolutions. https://arxiv.org/abs/1409.4842. The branches are linear: unlike
 * the paper's (and torchvision's), they have neither ReLU nor batch norm within.
 */
export class InceptionA extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly branch1x1: Conv2d;
  readonly branch5x5_1: Conv2d;
  readonly branch5x5_2: Conv2d;
  readonly branch3x3_1: Conv2d;
  readonly branch3x3_2: Conv2d;
  readonly branch3x3_3: Conv2d;
  readonly branchPool: Conv2d;

  constructor(inChannels: number, options: MnistNetOptions) {
    super();
    checkRng("InceptionA", options);
    checkSizes("InceptionA", { inChannels });
    const { rng } = options;
    this.branch1x1 = new Conv2d(inChannels, 16, 1, { rng });
    this.branch5x5_1 = new Conv2d(inChannels, 16, 1, { rng });
    this.branch5x5_2 = new Conv2d(16, 24, 5, { rng, padding: 2 });
    this.branch3x3_1 = new Conv2d(inChannels, 16, 1, { rng });
    this.branch3x3_2 = new Conv2d(16, 24, 3, { rng, padding: 1 });
    this.branch3x3_3 = new Conv2d(24, 24, 3, { rng, padding: 1 });
    this.branchPool = new Conv2d(inChannels, 24, 1, { rng });
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height, width, 88]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const one = this.branch1x1.forward(x); //                                                       [..., 16]
      const five = this.branch5x5_2.forward(this.branch5x5_1.forward(x)); //                           [..., 24]
      const three = this.branch3x3_3.forward(this.branch3x3_2.forward(this.branch3x3_1.forward(x))); // [..., 24]
      const mean = this.branchPool.forward(avgPool2d(x, 3, { stride: 1, padding: 1 })); //  [..., 24]
      return concat([one, five, three, mean], 3); //                                                  [..., 88]
    });
  }
}
