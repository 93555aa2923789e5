import {
  BatchNorm2d,
  channelShuffle,
  checkOptions,
  checkSizeArray,
  Conv2d,
  type Layer,
  Linear,
  MaxPool2d,
  Module,
  OptionError,
  ReLU,
  type Rng,
} from "@pellucid/core-train";
import { concat, mean, split, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "./chain.ts";
import { checkClassifierOptions } from "./check-classifier-options.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";

/** Options for {@link ShuffleNetV2}. */
export type ShuffleNetV2Options = ImageClassifierOptions;

/** Widths of the stem, of the three stages, and of the last convolution. */
type Widths = readonly [stem: number, stage2: number, stage3: number, stage4: number, last: number];

/** Half of the channels pass, the other half is convolved, then the halves are shuffled. Ma et al., figure 3 c and d. */
class ShuffleBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  /** Convolves the half that passes, where the size is halved. */
  readonly branch1: Chain | null;
  readonly branch2: Chain;

  constructor(inp: number, out: number, stride: number, { rng }: { readonly rng: Rng }) {
    super();
    const width = out / 2;
    const pointwise = (channels: number) => new Conv2d(channels, width, 1, { rng, bias: false });
    const depthwise = (channels: number) =>
      new Conv2d(channels, channels, 3, { rng, stride, padding: 1, groups: channels, bias: false });
    this.branch1 =
      stride === 1
        ? null
        : chain(depthwise(inp), new BatchNorm2d(inp), pointwise(inp), new BatchNorm2d(width), new ReLU());
    this.branch2 = chain(
      pointwise(stride === 1 ? width : inp),
      new BatchNorm2d(width),
      new ReLU(),
      depthwise(width),
      new BatchNorm2d(width),
      pointwise(width),
      new BatchNorm2d(width),
      new ReLU(),
    );
  }

  /**
   * @param x `[batch, height, width, inp]`
   * @returns `[batch, height / stride, width / stride, out]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const [kept, convolved] =
        this.branch1 === null ? (split(x, 2, 3) as [Tensor4D, Tensor4D]) : [this.branch1.forward(x), x];
      return channelShuffle(concat([kept, this.branch2.forward(convolved)], 3), 2);
    });
  }
}

/**
 * A classifier of images for small devices, whose blocks split the channels and shuffle them, with torchvision's names, initial
 * weights and numbers.
 *
 * Ma et al., 2018. ShuffleNet V2: practical guidelines for efficient CNN architecture design. https://arxiv.org/abs/1807.11164
 */
export class ShuffleNetV2 extends Module implements ImageClassifier {
  readonly conv1: Chain;
  readonly maxpool = new MaxPool2d(3, { stride: 2, padding: 1 });
  readonly stage2: Chain;
  readonly stage3: Chain;
  readonly stage4: Chain;
  readonly conv5: Chain;
  readonly fc: Linear;
  readonly head = "fc";

  /**
   * @param repeats blocks of each of the three stages
   * @param widths channels of the stem, of the three stages (even), and of the last convolution
   */
  constructor(repeats: readonly [number, number, number], widths: Widths, options: ShuffleNetV2Options) {
    super();
    checkClassifierOptions("ShuffleNetV2", options);
    checkOptions("ShuffleNetV2", options, ["rng", "numClasses", "inChannels"]);
    const { rng, numClasses = 1000, inChannels = 3 } = options;
    checkSizeArray("ShuffleNetV2", "repeats", repeats, 3);
    checkSizeArray("ShuffleNetV2", "widths", widths, 5);
    const [stem, second, third, fourth, last] = widths;
    for (const width of [second, third, fourth])
      if (width % 2 !== 0)
        throw new OptionError("ShuffleNetV2", "widths", width, "an even integer above 0 for each stage");
    const stage = (inp: number, out: number, blocks: number): Chain =>
      chain(
        new ShuffleBlock(inp, out, 2, { rng }),
        ...Array.from({ length: blocks - 1 }, () => new ShuffleBlock(out, out, 1, { rng })),
      );
    this.conv1 = chain(
      new Conv2d(inChannels, stem, 3, { rng, stride: 2, padding: 1, bias: false }),
      new BatchNorm2d(stem),
      new ReLU(),
    );
    this.stage2 = stage(stem, second, repeats[0]);
    this.stage3 = stage(second, third, repeats[1]);
    this.stage4 = stage(third, fourth, repeats[2]);
    this.conv5 = chain(new Conv2d(fourth, last, 1, { rng, bias: false }), new BatchNorm2d(last), new ReLU());
    this.fc = new Linear(last, numClasses, { rng });
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.forwardFeatures(images).at(-1) as Tensor4D; // [batch, height / 32, width / 32, last]
      return this.fc.forward(mean<Tensor2D>(maps, [1, 2]));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      const stem = this.conv1.forward(images); //                       [batch, height / 2, width / 2, stem]
      const c3 = this.stage2.forward(this.maxpool.forward(stem)); //     [batch, height / 8, …]
      const c4 = this.stage3.forward(c3); //                             [batch, height / 16, …]
      const c5 = this.conv5.forward(this.stage4.forward(c4)); //         [batch, height / 32, …]
      return [stem, c3, c4, c5];
    });
  }
}

const repeats = [4, 8, 4] as const;

/** ShuffleNet v2 0.5×: 1,366,792 parameters. */
export const shufflenetV2X0_5 = (options: ShuffleNetV2Options): ShuffleNetV2 =>
  new ShuffleNetV2(repeats, [24, 48, 96, 192, 1024], options);

/** ShuffleNet v2 1×: 2,278,604 parameters. */
export const shufflenetV2X1_0 = (options: ShuffleNetV2Options): ShuffleNetV2 =>
  new ShuffleNetV2(repeats, [24, 116, 232, 464, 1024], options);

/** ShuffleNet v2 1.5×: 3,503,624 parameters. */
export const shufflenetV2X1_5 = (options: ShuffleNetV2Options): ShuffleNetV2 =>
  new ShuffleNetV2(repeats, [24, 176, 352, 704, 1024], options);

/** ShuffleNet v2 2×: 7,393,996 parameters. */
export const shufflenetV2X2_0 = (options: ShuffleNetV2Options): ShuffleNetV2 =>
  new ShuffleNetV2(repeats, [24, 244, 488, 976, 2048], options);
