import {
  adaptiveAvgPool2d,
  BatchNorm2d,
  checkChoice,
  checkOptions,
  checkPositive,
  Conv2d,
  convNormActivation,
  Dropout,
  flatten,
  hardsigmoid,
  Hardswish,
  init,
  initialize,
  type Layer,
  Linear,
  Module,
  ReLU,
  type Rng,
  Sequential,
  SqueezeExcitation,
} from "@pellucid/core-train";
import { add, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain, type MapLayer } from "./chain.ts";
import { checkClassifierOptions } from "./check-classifier-options.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";
import { makeDivisible } from "./make-divisible.ts";

/** Options for {@link MobileNetV3}. */
export interface MobileNetV3Options extends ImageClassifierOptions {
  /** Factor of all widths. Default: 1. */
  readonly widthMult?: number;
  /** Probability that features are dropped before the head. Default: 0.2. */
  readonly dropout?: number;
  /** Whether the last stage dilates its convolutions instead of halving the size: for segmentation. Default: false. */
  readonly dilated?: boolean;
  /** Whether the last stage has half of the channels: for detection. Default: false. */
  readonly reducedTail?: boolean;
  /** Makes a normalization layer for a number of channels. Default: batch norm with eps 0.001 and momentum 0.01. */
  readonly normLayer?: (channels: number) => MapLayer;
}

/** Kernel size, expanded and output channels, whether squeezed and excited, whether hard swish, stride; `tail` for the last stage. */
type Row = readonly [
  kernel: number,
  expanded: number,
  out: number,
  se: boolean,
  hs: boolean,
  stride: number,
  tail?: "in" | "all",
];

/** Howard et al., table 1. */
const large: readonly Row[] = [
  [3, 16, 16, false, false, 1],
  [3, 64, 24, false, false, 2],
  [3, 72, 24, false, false, 1],
  [5, 72, 40, true, false, 2],
  [5, 120, 40, true, false, 1],
  [5, 120, 40, true, false, 1],
  [3, 240, 80, false, true, 2],
  [3, 200, 80, false, true, 1],
  [3, 184, 80, false, true, 1],
  [3, 184, 80, false, true, 1],
  [3, 480, 112, true, true, 1],
  [3, 672, 112, true, true, 1],
  [5, 672, 160, true, true, 2, "in"],
  [5, 960, 160, true, true, 1, "all"],
  [5, 960, 160, true, true, 1, "all"],
];

/** Howard et al., table 2. */
const small: readonly Row[] = [
  [3, 16, 16, true, false, 2],
  [3, 72, 24, false, false, 2],
  [3, 88, 24, false, false, 1],
  [5, 96, 40, true, true, 2],
  [5, 240, 40, true, true, 1],
  [5, 240, 40, true, true, 1],
  [5, 120, 48, true, true, 1],
  [5, 144, 48, true, true, 1],
  [5, 288, 96, true, true, 2, "in"],
  [5, 576, 96, true, true, 1, "all"],
  [5, 576, 96, true, true, 1, "all"],
];

const configurations = { large: { rows: large, last: 1280 }, small: { rows: small, last: 1024 } };

interface BlockOptions {
  readonly rng: Rng;
  readonly kernel: number;
  readonly expanded: number;
  readonly se: boolean;
  readonly hs: boolean;
  readonly stride: number;
  readonly dilation: number;
  readonly normLayer: (channels: number) => MapLayer;
}

/**
 * An inverted residual of MobileNet v3: expands by 1×1, convolves each channel, weights channels by squeeze and excitation, and projects without an activation. Howard et al., figure 4.
 */
class InvertedResidualV3 extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly block: Chain;
  readonly residual: boolean;
  /** Whether the paper halves the size here: also where the convolution is dilated instead. */
  readonly isCn: boolean;

  constructor(inp: number, out: number, options: BlockOptions) {
    super();
    const { rng, kernel, expanded, se, hs, stride, dilation, normLayer } = options;
    const activation = (): MapLayer => (hs ? new Hardswish() : new ReLU());
    const expand =
      expanded === inp
        ? []
        : [convNormActivation(inp, expanded, 1, { rng, normLayer, activation: activation() })];
    const depthwise = convNormActivation(expanded, expanded, kernel, {
      rng,
      stride: dilation > 1 ? 1 : stride,
      dilation,
      groups: expanded,
      normLayer,
      activation: activation(),
    });
    const squeeze = makeDivisible(Math.trunc(expanded / 4));
    const excitation = se
      ? [new SqueezeExcitation(expanded, squeeze, { rng, scaleActivation: hardsigmoid })]
      : [];
    this.block = chain(
      ...expand,
      depthwise,
      ...excitation,
      convNormActivation(expanded, out, 1, { rng, normLayer }),
    );
    this.residual = stride === 1 && inp === out;
    this.isCn = stride > 1;
  }

  /**
   * @param x `[batch, height, width, inp]`
   * @returns `[batch, height / stride, width / stride, out]`
   */
  forward(x: Tensor4D): Tensor4D {
    return this.residual ? tidy(() => add(x, this.block.forward(x))) : this.block.forward(x);
  }
}

/**
 * Inverted residuals that were found by search, for images on small devices, with torchvision's names, initial weights and numbers.
 *
 * Howard et al., 2019. Searching for MobileNetV3. https://arxiv.org/abs/1905.02244
 */
export class MobileNetV3 extends Module implements ImageClassifier {
  readonly features: Chain;
  readonly classifier: Sequential<[Linear, Hardswish, Dropout, Linear]>;
  readonly head = "classifier.3";

  constructor(size: "large" | "small", options: MobileNetV3Options) {
    super();
    checkClassifierOptions("MobileNetV3", options);
    checkOptions("MobileNetV3", options, [
      "rng",
      "numClasses",
      "inChannels",
      "widthMult",
      "dropout",
      "dilated",
      "reducedTail",
      "normLayer",
    ]);
    checkChoice("MobileNetV3", "size", size, ["large", "small"]);
    const { rng, numClasses = 1000, inChannels = 3, widthMult = 1, dropout = 0.2 } = options;
    const { dilated = false, reducedTail = false } = options;
    const { normLayer = (own) => new BatchNorm2d(own, { eps: 0.001, momentum: 0.01 }) } = options;
    checkPositive("MobileNetV3", { widthMult });
    const { rows, last } = configurations[size];
    const width = (channels: number): number => makeDivisible(channels * widthMult);
    const half = (channels: number): number => (reducedTail ? Math.trunc(channels / 2) : channels);
    let channels = width(16);
    const stem = convNormActivation(inChannels, channels, 3, {
      rng,
      stride: 2,
      normLayer,
      activation: new Hardswish(),
    });
    const blocks = rows.map(([kernel, expanded, out, se, hs, stride, tail]) => {
      const inp = channels;
      channels = width(tail === undefined ? out : half(out));
      return new InvertedResidualV3(inp, channels, {
        rng,
        kernel,
        expanded: width(tail === "all" ? half(expanded) : expanded),
        se,
        hs,
        stride,
        dilation: dilated && tail !== undefined ? 2 : 1,
        normLayer,
      });
    });
    const features = 6 * channels;
    const hidden = width(half(last));
    this.features = chain(
      stem,
      ...blocks,
      convNormActivation(channels, features, 1, { rng, normLayer, activation: new Hardswish() }),
    );
    this.classifier = new Sequential(
      new Linear(features, hidden, { rng }),
      new Hardswish(),
      new Dropout(dropout, { rng }),
      new Linear(hidden, numClasses, { rng }),
    );
    for (const [, module] of this.namedModules()) {
      if (module instanceof Conv2d) initialize(module, "weight", init.kaimingNormal({ mode: "fanOut" }), rng);
      if (module instanceof Linear) initialize(module, "weight", init.normal(0, 0.01), rng);
      if ((module instanceof Conv2d && module.bias !== null) || module instanceof Linear)
        initialize(module, "bias", init.constant(0), rng);
    }
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.features.forward(images); // [batch, height / 32, width / 32, 6 · channel]
      return this.classifier.forward(flatten(adaptiveAvgPool2d(maps, 1)));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      const maps: Tensor4D[] = [];
      let x = images;
      for (const layer of this.features.layers as readonly MapLayer[]) {
        if (layer instanceof InvertedResidualV3 && layer.isCn) maps.push(x); // [batch, height / 2^i, width / 2^i, …]
        x = layer.forward(x);
      }
      return [...maps, x];
    });
  }
}

/** MobileNet v3 large: 5,483,032 parameters. */
export const mobilenetV3Large = (options: MobileNetV3Options): MobileNetV3 =>
  new MobileNetV3("large", options);

/** MobileNet v3 small: 2,542,856 parameters. */
export const mobilenetV3Small = (options: MobileNetV3Options): MobileNetV3 =>
  new MobileNetV3("small", options);
