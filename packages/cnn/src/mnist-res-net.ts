import {
  Conv2d,
  flatten,
  type Layer,
  Linear,
  MaxPool2d,
  Module,
  relu,
  checkSizes,
  checkRng,
} from "@pellucid/core-train";
import { add, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { MnistNetOptions } from "./mnist-mlp.ts";

/**
 * Two 3×3 convolutions with a shortcut: `relu(x + F(x))`. The gradient of the sum reaches `x` whatever `F` is.
 *
 * He et al., 2016, figure 2. https://arxiv.org/abs/1512.03385
 */
export class ResidualBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;

  constructor(channels: number, options: MnistNetOptions) {
    super();
    checkRng("ResidualBlock", options);
    checkSizes("ResidualBlock", { channels });
    const { rng } = options;
    this.conv1 = new Conv2d(channels, channels, 3, { rng, padding: 1 });
    this.conv2 = new Conv2d(channels, channels, 3, { rng, padding: 1 });
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns the same shape
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => relu(add(x, this.conv2.forward(relu(this.conv1.forward(x))))));
  }
}

/** Two convolutions, a {@link ResidualBlock} after each, for 28×28 digits. 41,514 parameters. */
export class MnistResNet extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly mp = new MaxPool2d(2);
  readonly rblock1: ResidualBlock;
  readonly rblock2: ResidualBlock;
  readonly fc: Linear;

  constructor(options: MnistNetOptions) {
    super();
    checkRng("MnistResNet", options);
    const { rng } = options;
    this.conv1 = new Conv2d(1, 16, 5, { rng });
    this.conv2 = new Conv2d(16, 32, 5, { rng });
    this.rblock1 = new ResidualBlock(16, { rng });
    this.rblock2 = new ResidualBlock(32, { rng });
    this.fc = new Linear(512, 10, { rng });
  }

  /**
   * @param images `[batch, 28, 28, 1]`
   * @returns logits `[batch, 10]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      let x = this.mp.forward(relu(this.conv1.forward(images))); // [batch, 12, 12, 16]
      x = this.rblock1.forward(x);
      x = this.mp.forward(relu(this.conv2.forward(x))); //          [batch, 4, 4, 32]
      x = this.rblock2.forward(x);
      return this.fc.forward(flatten(x)); //                        [batch, 10]
    });
  }
}
