import {
  adaptiveAvgPool2d,
  checkArguments,
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkSizeArray,
  Conv2d,
  Flatten,
  GELU,
  Identity,
  init,
  initialize,
  type Layer,
  LayerNorm,
  Linear,
  Module,
  type Parameter,
  parameter,
  type Rng,
  Sequential,
  StochasticDepth,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, mul, type Rank, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain, type MapLayer } from "./chain.ts";
import { checkClassifierOptions } from "./check-classifier-options.ts";
import { forwardStages } from "./forward-stages.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";

/** Options for {@link ConvNeXt}. */
export interface ConvNeXtOptions extends ImageClassifierOptions {
  /** The initial factor of each block's output. Default: 1e-6. */
  readonly layerScale?: number;
  /** Probability that the last block is skipped in training; it rises from 0 linearly. Default: 0. */
  readonly stochasticDepthProb?: number;
}

interface BlockOptions {
  readonly rng: Rng;
  readonly layerScale: number;
  readonly stochasticDepthProb: number;
}

/** Channels and number of blocks of each stage. */
type Stages = readonly (readonly [channels: number, blocks: number])[];

const eps = 1e-6;

/** A 7×7 convolution of each channel, layer norm, and two linear layers per pixel with GELU between them. Liu et al., figure 4. */
class CNBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  /** `[1, 1, dim]` */
  readonly layerScale: Parameter<Rank.R3>;
  /** With torchvision's indices: at 1 and 6 it reorders axes, which our layout does not need. */
  readonly block: Chain;
  readonly stochasticDepth: StochasticDepth;

  constructor(dim: number, { rng, layerScale, stochasticDepthProb }: BlockOptions) {
    super();
    this.block = chain(
      new Conv2d(dim, dim, 7, { rng, padding: 3, groups: dim }),
      new Identity(),
      new LayerNorm(dim, { eps }),
      new Linear(dim, 4 * dim, { rng }),
      new GELU(),
      new Linear(4 * dim, dim, { rng }),
    );
    this.layerScale = parameter<Rank.R3>({
      data: new Float32Array(dim).fill(layerScale),
      shape: [1, 1, dim],
    });
    this.stochasticDepth = new StochasticDepth(stochasticDepthProb, { rng });
  }

  get torchLayout(): TorchLayout {
    return { layerScale: { axes: [1, 2, 0] } };
  }

  /**
   * @param x `[batch, height, width, dim]`
   * @returns the same shape
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const branch = mul<Tensor4D>(this.block.forward(x), this.layerScale);
      return add(this.stochasticDepth.forward(branch), x);
    });
  }
}

/**
 * A convolutional classifier of images with the design of vision transformers: patches, large depthwise filters, layer norm, GELU.
 * With torchvision's names, initial weights and numbers.
 *
 * Liu et al., 2022. A ConvNet for the 2020s. https://arxiv.org/abs/2201.03545
 */
export class ConvNeXt extends Module implements ImageClassifier {
  /** Stem, then stages at odd and downsampling at even indices. */
  readonly features: Chain;
  readonly classifier: Sequential<[LayerNorm, Flatten, Linear]>;
  readonly head = "classifier.2";

  /** @param stages channels and number of blocks of each stage */
  constructor(stages: Stages, options: ConvNeXtOptions) {
    super();
    checkClassifierOptions("ConvNeXt", options);
    checkOptions("ConvNeXt", options, [
      "rng",
      "numClasses",
      "inChannels",
      "layerScale",
      "stochasticDepthProb",
    ]);
    const { rng, numClasses = 1000, inChannels = 3, layerScale = 1e-6, stochasticDepthProb = 0 } = options;
    checkPositive("ConvNeXt", { layerScale });
    checkProbabilities("ConvNeXt", { stochasticDepthProb });
    checkArguments("ConvNeXt", { "array+": { stages } });
    for (const [i, stage] of stages.entries()) checkSizeArray("ConvNeXt", `stages[${i}]`, stage, 2);
    const [first] = stages[0] as Stages[number];
    const total = stages.reduce((sum, [, blocks]) => sum + blocks, 0);
    let depth = 0;
    const block = (channels: number): CNBlock => {
      const rise = depth++ / Math.max(total - 1, 1);
      return new CNBlock(channels, { rng, layerScale, stochasticDepthProb: stochasticDepthProb * rise });
    };
    const stem = chain(new Conv2d(inChannels, first, 4, { rng, stride: 4 }), new LayerNorm(first, { eps }));
    const layers = stages.flatMap(([channels, blocks], i): MapLayer[] => {
      const stage = chain(...Array.from({ length: blocks }, () => block(channels)));
      const next = stages[i + 1]?.[0];
      if (next === undefined) return [stage];
      const halve = new Conv2d(channels, next, 2, { rng, stride: 2 });
      return [stage, chain(new LayerNorm(channels, { eps }), halve)];
    });
    const [channels] = stages.at(-1) as Stages[number];
    this.features = chain(stem, ...layers);
    this.classifier = new Sequential(
      new LayerNorm(channels, { eps }),
      new Flatten(),
      new Linear(channels, numClasses, { rng }),
    );
    for (const [, module] of this.namedModules()) {
      if (!(module instanceof Conv2d || module instanceof Linear)) continue;
      initialize(module, "weight", init.truncatedNormal({ std: 0.02 }), rng);
      if (module.bias !== null) initialize(module, "bias", init.constant(0), rng);
    }
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.features.forward(images); // [batch, height / 32, width / 32, channel]
      return this.classifier.forward(adaptiveAvgPool2d(maps, 1));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return forwardStages(this.features, images); // [batch, height / 4, …], then half of it each time
  }
}

/** ConvNeXt-T: 28,589,128 parameters. */
export const convnextTiny = (options: ConvNeXtOptions): ConvNeXt =>
  new ConvNeXt(stagesOf(96, 9), { stochasticDepthProb: 0.1, ...options });

/** ConvNeXt-S: 50,223,688 parameters. */
export const convnextSmall = (options: ConvNeXtOptions): ConvNeXt =>
  new ConvNeXt(stagesOf(96, 27), { stochasticDepthProb: 0.4, ...options });

/** ConvNeXt-B: 88,591,464 parameters. */
export const convnextBase = (options: ConvNeXtOptions): ConvNeXt =>
  new ConvNeXt(stagesOf(128, 27), { stochasticDepthProb: 0.5, ...options });

/** ConvNeXt-L: 197,767,336 parameters. */
export const convnextLarge = (options: ConvNeXtOptions): ConvNeXt =>
  new ConvNeXt(stagesOf(192, 27), { stochasticDepthProb: 0.5, ...options });

function stagesOf(channels: number, third: number): Stages {
  return [3, 3, third, 3].map((blocks, i) => [channels * 2 ** i, blocks]);
}
