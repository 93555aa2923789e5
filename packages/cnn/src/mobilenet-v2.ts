import { checkClassifierOptions } from "./check-classifier-options.ts";
import {
  convNormActivation,
  adaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  flatten,
  initialize,
  type Layer,
  Linear,
  Module,
  ReLU6,
  type Rng,
  Sequential,
  init,
  checkPositive,
} from "@pellucid/core-train";
import { add, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain, type MapLayer } from "./chain.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";
import { makeDivisible } from "./make-divisible.ts";

/** Options for {@link MobileNetV2}. */
export interface MobileNetV2Options extends ImageClassifierOptions {
  /** Factor of all widths. Default: 1. */
  readonly widthMult?: number;
  /** Probability that features are dropped before the head. Default: 0.2. */
  readonly dropout?: number;
}

/** Expansion, channels, blocks, and stride of the first block, of each stage. Sandler et al., table 2. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/**
 * Expands by 1×1, convolves each channel by 3×3, and projects to few channels without an activation; with a shortcut
 * where the shape stays the same. Sandler et al., figure 3b.
 */
export class InvertedResidual extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly conv: Chain;
  readonly stride: number;
  readonly residual: boolean;

  constructor(inp: number, oup: number, stride: number, expandRatio: number, { rng }: { readonly rng: Rng }) {
    super();
    const hidden = Math.round(inp * expandRatio);
    const activation = new ReLU6();
    const expand = expandRatio === 1 ? [] : [convNormActivation(inp, hidden, 1, { rng, activation })];
    this.stride = stride;
    this.residual = stride === 1 && inp === oup;
    this.conv = chain(
      ...expand,
      convNormActivation(hidden, hidden, 3, { rng, stride, groups: hidden, activation }),
      new Conv2d(hidden, oup, 1, { rng, bias: false }),
      new BatchNorm2d(oup),
    );
  }

  /**
   * @param x `[batch, height, width, inp]`
   * @returns `[batch, height / stride, width / stride, oup]`
   */
  forward(x: Tensor4D): Tensor4D {
    return this.residual ? tidy(() => add(x, this.conv.forward(x))) : this.conv.forward(x);
  }
}

/**
 * Inverted residuals for images on small devices, with torchvision's names, initial weights and numbers. 3,504,872
 * parameters.
 *
 * Sandler et al., 2018. MobileNetV2: inverted residuals and linear bottlenecks. https://arxiv.org/abs/1801.04381
 */
export class MobileNetV2 extends Module implements ImageClassifier {
  readonly features: Chain;
  readonly classifier: Sequential<[Dropout, Linear]>;
  readonly head = "classifier.1";

  constructor(options: MobileNetV2Options) {
    super();
    checkClassifierOptions("MobileNetV2", options);
    const { rng, numClasses = 1000, inChannels = 3, widthMult = 1, dropout = 0.2 } = options;
    checkPositive("MobileNetV2", { widthMult });
    const activation = new ReLU6();
    let channels = makeDivisible(32 * widthMult);
    const last = makeDivisible(1280 * Math.max(1, widthMult));
    const stem = convNormActivation(inChannels, channels, 3, { rng, stride: 2, activation });
    const blocks = stages.flatMap(([expansion, width, count, stride]) =>
      Array.from({ length: count }, (_, i): MapLayer => {
        const out = makeDivisible(width * widthMult);
        const block = new InvertedResidual(channels, out, i === 0 ? stride : 1, expansion, { rng });
        channels = out;
        return block;
      }),
    );
    this.features = chain(stem, ...blocks, convNormActivation(channels, last, 1, { rng, activation }));
    this.classifier = new Sequential(new Dropout(dropout, { rng }), new Linear(last, numClasses, { rng }));
    for (const [, module] of this.namedModules()) {
      if (module instanceof Conv2d) initialize(module, "weight", init.kaimingNormal({ mode: "fanOut" }), rng);
      if (module instanceof Linear) {
        initialize(module, "weight", init.normal(0, 0.01), rng);
        initialize(module, "bias", init.constant(0), rng);
      }
    }
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.features.forward(images); // [batch, height / 32, width / 32, 1280]
      return this.classifier.forward(flatten(adaptiveAvgPool2d(maps, 1)));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      const maps: Tensor4D[] = [];
      let x = images;
      for (const layer of this.features.layers as readonly MapLayer[]) {
        if (layer instanceof InvertedResidual && layer.stride === 2) maps.push(x); // [batch, height / 2^i, width / 2^i, …]
        x = layer.forward(x);
      }
      return [...maps, x];
    });
  }
}
