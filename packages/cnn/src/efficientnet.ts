import { checkClassifierOptions } from "./check-classifier-options.ts";
import {
  adaptiveAvgPool2d,
  BatchNorm2d,
  checkPositive,
  checkProbabilities,
  checkRecord,
  checkRng,
  checkSizes,
  Conv2d,
  convNormActivation,
  Dropout,
  flatten,
  init,
  initialize,
  type Layer,
  Linear,
  Module,
  type Rng,
  Sequential,
  SiLU,
  silu,
  SqueezeExcitation,
  StochasticDepth,
} from "@pellucid/core-train";
import { add, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain, type MapLayer } from "./chain.ts";
import { compoundScaling, type CompoundScaling } from "./compound-scaling.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";
import { makeDivisible } from "./make-divisible.ts";

/** Options for {@link EfficientNet}. */
export interface EfficientNetOptions extends ImageClassifierOptions {
  /** Probability of dropout before the head. Default: the paper's for the size. */
  readonly dropout?: number;
  /** Probability that the last block is skipped in training; it decreases linearly towards the first block. Default: 0.2. */
  readonly stochasticDepthProb?: number;
}

/** Makes a normalization layer for a number of channels. */
type NormLayer = (channels: number) => MapLayer;

/** Expansion, kernel, stride, channels, and blocks of each stage of B0. Tan & Le, table 1. */
const stages = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const;

/** Options for {@link MbConv}. */
interface MbConvOptions {
  readonly rng: Rng;
  readonly expandRatio: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly stochasticDepthProb: number;
  readonly normLayer: NormLayer;
}

/** An inverted residual with squeeze-and-excitation; the squeeze is a quarter of the block's *input* channels. */
export class MbConv extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly block: Chain;
  readonly stochasticDepth: StochasticDepth;
  readonly stride: number;
  readonly residual: boolean;

  constructor(inputChannels: number, outChannels: number, options: MbConvOptions) {
    super();
    checkRng("MbConv", options);
    const { rng, expandRatio, kernelSize, stride, stochasticDepthProb, normLayer } = options;
    checkSizes("MbConv", { inputChannels, outChannels, kernelSize, stride });
    checkPositive("MbConv", { expandRatio });
    checkProbabilities("MbConv", { stochasticDepthProb });
    const expanded = makeDivisible(inputChannels * expandRatio);
    const activation = new SiLU();
    const expand =
      expanded === inputChannels
        ? []
        : [convNormActivation(inputChannels, expanded, 1, { rng, activation, normLayer })];
    this.stride = stride;
    this.residual = stride === 1 && inputChannels === outChannels;
    this.block = chain(
      ...expand,
      convNormActivation(expanded, expanded, kernelSize, {
        rng,
        stride,
        groups: expanded,
        activation,
        normLayer,
      }),
      new SqueezeExcitation(expanded, Math.max(1, Math.trunc(inputChannels / 4)), { rng, activation: silu }),
      convNormActivation(expanded, outChannels, 1, { rng, normLayer }),
    );
    this.stochasticDepth = new StochasticDepth(stochasticDepthProb, { rng });
  }

  /**
   * @param x `[batch, height, width, inputChannels]`
   * @returns `[batch, height / stride, width / stride, outChannels]`
   */
  forward(x: Tensor4D): Tensor4D {
    if (!this.residual) return this.block.forward(x);
    return tidy(() => add(this.stochasticDepth.forward(this.block.forward(x)), x));
  }
}

/**
 * Scaled inverted residuals for images, with torchvision's names, initial weights and numbers.
 *
 * Tan and Le, 2019. EfficientNet: rethinking model scaling. https://arxiv.org/abs/1905.11946
 */
export class EfficientNet extends Module implements ImageClassifier {
  readonly features: Chain;
  readonly classifier: Sequential<[Dropout, Linear]>;
  readonly head = "classifier.1";
  readonly #firstBlocks: readonly boolean[];

  constructor(
    scaling: CompoundScaling,
    options: EfficientNetOptions,
    normLayer: NormLayer = (channels) => new BatchNorm2d(channels),
  ) {
    super();
    checkRecord("EfficientNet", "scaling", scaling, ["width", "depth", "dropout"]);
    checkClassifierOptions("EfficientNet", options);
    const { width, depth, dropout: paperDropout } = scaling;
    const {
      rng,
      numClasses = 1000,
      inChannels = 3,
      dropout = paperDropout,
      stochasticDepthProb = 0.2,
    } = options;
    checkPositive("EfficientNet", { width, depth });
    checkProbabilities("EfficientNet", { dropout, stochasticDepthProb });
    const activation = new SiLU();
    const counts = stages.map(([, , , , blocks]) => Math.ceil(blocks * depth));
    const total = counts.reduce((sum, count) => sum + count, 0);
    let channels = makeDivisible(32 * width);
    let placed = 0;
    const stem = convNormActivation(inChannels, channels, 3, { rng, stride: 2, activation, normLayer });
    const made = stages.map(([expandRatio, kernelSize, stride, base], stage): MapLayer => {
      const out = makeDivisible(base * width);
      const blocks = Array.from({ length: counts[stage] ?? 0 }, (_, i) => {
        const prob = (stochasticDepthProb * placed++) / total;
        const position = { stride: i === 0 ? stride : 1, stochasticDepthProb: prob };
        const block = new MbConv(channels, out, { rng, expandRatio, kernelSize, normLayer, ...position });
        channels = out;
        return block;
      });
      return chain(...blocks);
    });
    const last = 4 * channels;
    this.features = chain(
      stem,
      ...made,
      convNormActivation(channels, last, 1, { rng, activation, normLayer }),
    );
    this.classifier = new Sequential(new Dropout(dropout, { rng }), new Linear(last, numClasses, { rng }));
    this.#firstBlocks = stages.map(([, , stride]) => stride === 2);
    for (const [, module] of this.namedModules()) {
      if (module instanceof Conv2d) {
        initialize(module, "weight", init.kaimingNormal({ mode: "fanOut" }), rng);
        if (module.bias !== null) initialize(module, "bias", init.constant(0), rng);
      }
      if (module instanceof Linear) {
        const bound = 1 / Math.sqrt(module.outFeatures);
        initialize(module, "weight", init.uniform(-bound, bound), rng);
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
      const maps = this.features.forward(images); // [batch, height / 32, width / 32, 4 · channels]
      return this.classifier.forward(flatten(adaptiveAvgPool2d(maps, 1)));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      const maps: Tensor4D[] = [];
      let x = images;
      for (const [i, layer] of (this.features.layers as readonly MapLayer[]).entries()) {
        if (this.#firstBlocks[i - 1] === true) maps.push(x); // [batch, height / 2^i, width / 2^i, …]
        x = layer.forward(x);
      }
      return [...maps, x];
    });
  }
}

/** EfficientNet-B0: 5,288,548 parameters, for images of 224. */
export const efficientnetB0 = (options: EfficientNetOptions): EfficientNet =>
  new EfficientNet(compoundScaling("b0"), options);

/** EfficientNet-B1: 7,794,184 parameters, for images of 240. */
export const efficientnetB1 = (options: EfficientNetOptions): EfficientNet =>
  new EfficientNet(compoundScaling("b1"), options);

/** EfficientNet-B2: 9,109,994 parameters, for images of 260 (torchvision's weights: 288). */
export const efficientnetB2 = (options: EfficientNetOptions): EfficientNet =>
  new EfficientNet(compoundScaling("b2"), options);

/** EfficientNet-B3: 12,233,232 parameters, for images of 300. */
export const efficientnetB3 = (options: EfficientNetOptions): EfficientNet =>
  new EfficientNet(compoundScaling("b3"), options);

/** EfficientNet-B4: 19,341,616 parameters, for images of 380. */
export const efficientnetB4 = (options: EfficientNetOptions): EfficientNet =>
  new EfficientNet(compoundScaling("b4"), options);

/** The normalization layer of the larger sizes in torchvision. */
const large: NormLayer = (channels) => new BatchNorm2d(channels, { eps: 1e-3, momentum: 0.01 });

/** EfficientNet-B5: 30,389,784 parameters, for images of 456. */
export const efficientnetB5 = (options: EfficientNetOptions): EfficientNet =>
  new EfficientNet(compoundScaling("b5"), options, large);

/** EfficientNet-B6: 43,040,704 parameters, for images of 528. */
export const efficientnetB6 = (options: EfficientNetOptions): EfficientNet =>
  new EfficientNet(compoundScaling("b6"), options, large);

/** EfficientNet-B7: 66,347,960 parameters, for images of 600. */
export const efficientnetB7 = (options: EfficientNetOptions): EfficientNet =>
  new EfficientNet(compoundScaling("b7"), options, large);
