import { checkClassifierOptions } from "./check-classifier-options.ts";
import {
  adaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  flatten,
  initialize,
  type Layer,
  Linear,
  Module,
  relu6,
  type Rng,
  init,
  checkPositive,
} from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";
import { makeDivisible } from "./make-divisible.ts";

/** Options for {@link MobileNetV1}. */
export interface MobileNetV1Options extends ImageClassifierOptions {
  /** Factor of all widths (the paper's α). Default: 1. */
  readonly widthMult?: number;
  /** Probability of dropout before the head. Default: 0. */
  readonly dropout?: number;
}

/** Channels, blocks, and stride of the first block, of each stage. Howard et al., table 1. */
const stages = [
  [64, 1, 1],
  [128, 2, 2],
  [256, 2, 2],
  [512, 6, 2],
  [1024, 2, 2],
] as const;

/** A depthwise 3×3 convolution, then a 1×1 that mixes the channels. Howard et al., figure 3 right. */
export class DepthwiseSeparable extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly convDw: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly convPw: Conv2d;
  readonly bn2: BatchNorm2d;

  constructor(inChannels: number, outChannels: number, stride: number, { rng }: { readonly rng: Rng }) {
    super();
    this.convDw = new Conv2d(inChannels, inChannels, 3, {
      rng,
      stride,
      padding: 1,
      groups: inChannels,
      bias: false,
    });
    this.bn1 = new BatchNorm2d(inChannels);
    this.convPw = new Conv2d(inChannels, outChannels, 1, { rng, bias: false });
    this.bn2 = new BatchNorm2d(outChannels);
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height / stride, width / stride, outChannels]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const apart = relu6(this.bn1.forward(this.convDw.forward(x))); // [batch, height / stride, width / stride, inChannels]
      return relu6(this.bn2.forward(this.convPw.forward(apart)));
    });
  }
}

/**
 * Depthwise separable convolutions for images on small devices, with the names and numbers of timm's `mobilenetv1_100`, and
 * initial weights of the same distribution. 4,231,976 parameters.
 *
 * Howard et al., 2017. MobileNets. https://arxiv.org/abs/1704.04861
 */
export class MobileNetV1 extends Module implements ImageClassifier {
  readonly convStem: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly blocks: readonly (readonly DepthwiseSeparable[])[];
  readonly classifier: Linear;
  readonly dropout: Dropout;
  readonly head = "classifier";

  constructor(options: MobileNetV1Options) {
    super();
    checkClassifierOptions("MobileNetV1", options);
    const { rng, numClasses = 1000, inChannels = 3, widthMult = 1, dropout = 0 } = options;
    checkPositive("MobileNetV1", { widthMult });
    let channels = makeDivisible(32 * widthMult);
    this.convStem = new Conv2d(inChannels, channels, 3, { rng, stride: 2, padding: 1, bias: false });
    this.bn1 = new BatchNorm2d(channels);
    this.blocks = stages.map(([width, count, stride]) =>
      Array.from({ length: count }, (_, i) => {
        const out = makeDivisible(width * widthMult);
        const block = new DepthwiseSeparable(channels, out, i === 0 ? stride : 1, { rng });
        channels = out;
        return block;
      }),
    );
    this.classifier = new Linear(channels, numClasses, { rng });
    this.dropout = new Dropout(dropout, { rng });
    for (const [, module] of this.namedModules()) {
      // The fan-out of a depthwise filter, counted within its group, is its fan-in.
      const mode = module instanceof Conv2d && module.groups > 1 ? "fanIn" : "fanOut";
      if (module instanceof Conv2d) initialize(module, "weight", init.kaimingNormal({ mode }), rng);
    }
    const bound = 1 / Math.sqrt(numClasses);
    initialize(this.classifier, "weight", init.uniform(-bound, bound), rng);
    initialize(this.classifier, "bias", init.constant(0), rng);
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.forwardFeatures(images).at(-1) as Tensor4D; // [batch, height / 32, width / 32, 1024]
      return this.classifier.forward(this.dropout.forward(flatten(adaptiveAvgPool2d(maps, 1))));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      let x = relu6(this.bn1.forward(this.convStem.forward(images))); // [batch, height / 2, width / 2, 32]
      return this.blocks.map((stage) => {
        for (const block of stage) x = block.forward(x);
        return x; // [batch, height / 2^i, width / 2^i, …]
      });
    });
  }
}
