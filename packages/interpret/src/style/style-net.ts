import {
  checkOptions,
  checkRng,
  Conv2d,
  InstanceNorm2d,
  interpolate,
  type Layer,
  Module,
  ReflectionPad2d,
  relu,
  type Rng,
  sigmoid,
} from "@pellucid/core-train";
import { add, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** How large a {@link StyleNet} is. */
export interface StyleNetOptions {
  readonly rng: Rng;
  /** Of the first layer; 2 and 4 times as many where the image is small. Default: 32, the paper's. */
  readonly channels?: number;
  /** Residual blocks. Default: 5, the paper's. */
  readonly blocks?: number;
}

/**
 * Paints any image in one style, in one pass: taught by {@link trainStyleNet}. Two steps down, residual blocks, two steps up.
 *
 * Johnson, Alahi and Fei-Fei, 2016, https://arxiv.org/abs/1603.08155, with instance norms (Ulyanov, Vedaldi and Lempitsky, 2016,
 * https://arxiv.org/abs/1607.08022) and layers named as in PyTorch's example `fast_neural_style`. The last step is a sigmoid, as images are from 0 to 1.
 */
export class StyleNet extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly conv1: PaddedConv2d;
  readonly in1: InstanceNorm2d;
  readonly conv2: PaddedConv2d;
  readonly in2: InstanceNorm2d;
  readonly conv3: PaddedConv2d;
  readonly in3: InstanceNorm2d;
  readonly residuals: readonly StyleBlock[];
  readonly deconv1: PaddedConv2d;
  readonly in4: InstanceNorm2d;
  readonly deconv2: PaddedConv2d;
  readonly in5: InstanceNorm2d;
  readonly deconv3: PaddedConv2d;

  constructor(options: StyleNetOptions) {
    checkRng("StyleNet", options);
    checkOptions("StyleNet", options, ["rng", "channels", "blocks"]);
    const { rng, channels = 32, blocks = 5 } = options;
    super();
    const [some, more, most] = [channels, 2 * channels, 4 * channels];
    this.conv1 = new PaddedConv2d(3, some, 9, 1, rng);
    this.in1 = new InstanceNorm2d(some, { affine: true });
    this.conv2 = new PaddedConv2d(some, more, 3, 2, rng);
    this.in2 = new InstanceNorm2d(more, { affine: true });
    this.conv3 = new PaddedConv2d(more, most, 3, 2, rng);
    this.in3 = new InstanceNorm2d(most, { affine: true });
    this.residuals = Array.from({ length: blocks }, () => new StyleBlock(most, rng));
    this.deconv1 = new PaddedConv2d(most, more, 3, 1, rng);
    this.in4 = new InstanceNorm2d(more, { affine: true });
    this.deconv2 = new PaddedConv2d(more, some, 3, 1, rng);
    this.in5 = new InstanceNorm2d(some, { affine: true });
    this.deconv3 = new PaddedConv2d(some, 3, 9, 1, rng);
  }

  /**
   * @param images `[batch, height, width, 3]`, sides of a multiple of 4, above 8
   * @returns of the same shape, from 0 to 1
   */
  forward(images: Tensor4D): Tensor4D {
    return tidy(() => {
      let x = relu(this.in1.forward(this.conv1.forward(images))); //         [batch, height, width, channels]
      x = relu(this.in2.forward(this.conv2.forward(x))); //                  [batch, height / 2, width / 2, 2 channels]
      x = relu(this.in3.forward(this.conv3.forward(x))); //                  [batch, height / 4, width / 4, 4 channels]
      for (const block of this.residuals) x = block.forward(x);
      x = relu(this.in4.forward(this.deconv1.forward(doubled(x)))); //       [batch, height / 2, width / 2, 2 channels]
      x = relu(this.in5.forward(this.deconv2.forward(doubled(x)))); //       [batch, height, width, channels]
      return sigmoid(this.deconv3.forward(x)) as Tensor4D; //                [batch, height, width, 3]
    });
  }
}

const doubled = (x: Tensor4D): Tensor4D => interpolate(x, { scaleFactor: 2, mode: "nearest" });

/** A convolution whose border is the image in a mirror. */
class PaddedConv2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly reflectionPad: ReflectionPad2d;
  readonly conv2d: Conv2d;

  constructor(inChannels: number, outChannels: number, size: number, stride: number, rng: Rng) {
    super();
    this.reflectionPad = new ReflectionPad2d(Math.floor(size / 2));
    this.conv2d = new Conv2d(inChannels, outChannels, size, { rng, stride });
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => this.conv2d.forward(this.reflectionPad.forward(x)));
  }
}

/** Two convolutions, and what came in. */
class StyleBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly conv1: PaddedConv2d;
  readonly in1: InstanceNorm2d;
  readonly conv2: PaddedConv2d;
  readonly in2: InstanceNorm2d;

  constructor(channels: number, rng: Rng) {
    super();
    this.conv1 = new PaddedConv2d(channels, channels, 3, 1, rng);
    this.in1 = new InstanceNorm2d(channels, { affine: true });
    this.conv2 = new PaddedConv2d(channels, channels, 3, 1, rng);
    this.in2 = new InstanceNorm2d(channels, { affine: true });
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const y = relu(this.in1.forward(this.conv1.forward(x)));
      return add<Tensor4D>(this.in2.forward(this.conv2.forward(y)), x);
    });
  }
}
