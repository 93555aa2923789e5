import {
  adaptiveAvgPool2d,
  checkChoice,
  checkOptions,
  checkProbabilities,
  checkRecord,
  checkSizeArray,
  checkSizes,
  Conv2d,
  flatten,
  Identity,
  init,
  initialize,
  LayerNorm,
  Linear,
  Module,
  OptionError,
} from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain, type MapLayer } from "./chain.ts";
import { checkClassifierOptions } from "./check-classifier-options.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";
import { forwardStages } from "./forward-stages.ts";
import { PatchMerging } from "./patch-merging.ts";
import { SwinTransformerBlock } from "./swin-transformer-block.ts";

/** The sizes of a {@link SwinTransformer}. */
export interface SwinTransformerSizes {
  /** Channels of the first stage; each later one has twice as many. */
  readonly embedDim: number;
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Attention heads of each stage. */
  readonly numHeads: readonly number[];
  /** Height and width of a window, in patches. */
  readonly windowSize: number;
  /** 1, or 2 for cosine attention, norms after attention and MLP, and biases that are computed from the offsets. */
  readonly version: 1 | 2;
}

/** Options for {@link SwinTransformer}. */
export interface SwinTransformerOptions extends ImageClassifierOptions {
  /** Height and width of a patch, in pixels. Default: 4. */
  readonly patchSize?: number;
  /** Features inside of the MLP, in units of a block's channels. Default: 4. */
  readonly mlpRatio?: number;
  /** Probability of dropout in the MLP and after attention. Default: 0. */
  readonly dropout?: number;
  /** Probability that an attention weight is dropped. Default: 0. */
  readonly attentionDropout?: number;
  /** Probability that the last block is skipped in training; it rises from 0 linearly. Default: 0.1. */
  readonly stochasticDepthProb?: number;
}

/**
 * A transformer for images whose attention stays within windows, which are shifted from block to block, with torchvision's names, initial
 * weights and numbers; version 2 too.
 *
 * Liu et al., 2021, https://arxiv.org/abs/2103.14030; 2022, https://arxiv.org/abs/2111.09883
 */
export class SwinTransformer extends Module implements ImageClassifier {
  /** Patches, then stages at odd and merging at even indices. */
  readonly features: Chain;
  readonly norm: LayerNorm;
  readonly fc: Linear;
  readonly head = "fc";

  constructor(sizes: SwinTransformerSizes, options: SwinTransformerOptions) {
    super();
    checkClassifierOptions("SwinTransformer", options);
    checkOptions("SwinTransformer", options, [
      "rng",
      "numClasses",
      "inChannels",
      "patchSize",
      "mlpRatio",
      "dropout",
      "attentionDropout",
      "stochasticDepthProb",
    ]);
    const { rng, numClasses = 1000, inChannels = 3, patchSize = 4, mlpRatio = 4 } = options;
    const { dropout = 0, attentionDropout = 0, stochasticDepthProb = 0.1 } = options;
    checkRecord("SwinTransformer", "sizes", sizes, ["embedDim", "depths", "numHeads", "windowSize"]);
    const { embedDim, depths, numHeads, windowSize, version } = sizes;
    checkSizes("SwinTransformer", { patchSize, embedDim, windowSize });
    checkProbabilities("SwinTransformer", { dropout, attentionDropout, stochasticDepthProb });
    checkSizeArray("SwinTransformer", "depths", depths);
    checkSizeArray("SwinTransformer", "numHeads", numHeads, depths.length);
    checkChoice("SwinTransformer", "version", version, [1, 2]);
    for (const [i, heads] of numHeads.entries())
      if ((embedDim * 2 ** i) % heads !== 0)
        throw new OptionError(
          "SwinTransformer",
          "numHeads",
          heads,
          `a divisor of ${embedDim * 2 ** i} channels`,
        );
    if (!(mlpRatio * embedDim >= 1 && mlpRatio < Infinity))
      throw new OptionError(
        "SwinTransformer",
        "mlpRatio",
        mlpRatio,
        "a number that gives at least one feature",
      );
    const total = depths.reduce((sum, blocks) => sum + blocks, 0);
    let depth = 0;
    const patches = new Conv2d(inChannels, embedDim, patchSize, { rng, stride: patchSize });
    const stages = depths.flatMap((blocks, i): MapLayer[] => {
      const dim = embedDim * 2 ** i;
      const made = Array.from({ length: blocks }, (_, j) => {
        const rise = depth++ / Math.max(total - 1, 1);
        return new SwinTransformerBlock(dim, {
          rng,
          version,
          numHeads: numHeads[i] ?? NaN,
          windowSize,
          shift: j % 2 === 0 ? 0 : Math.floor(windowSize / 2),
          mlpRatio,
          dropout,
          attentionDropout,
          stochasticDepthProb: stochasticDepthProb * rise,
        });
      });
      const stage = chain(...made);
      return i === depths.length - 1 ? [stage] : [stage, new PatchMerging(dim, version, { rng })];
    });
    const channels = embedDim * 2 ** (depths.length - 1);
    this.features = chain(chain(patches, new Identity(), new LayerNorm(embedDim)), ...stages);
    this.norm = new LayerNorm(channels);
    this.fc = new Linear(channels, numClasses, { rng });
    for (const [, module] of this.namedModules()) {
      if (!(module instanceof Linear)) continue;
      initialize(module, "weight", init.truncatedNormal({ std: 0.02 }), rng);
      if (module.bias !== null) initialize(module, "bias", init.constant(0), rng);
    }
  }

  get torchLayout() {
    return { fc: { name: "head" } };
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.norm.forward(this.features.forward(images)); // [batch, height / 32, width / 32, 8 embedDim]
      return this.fc.forward(flatten(adaptiveAvgPool2d(maps, 1)));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return forwardStages(this.features, images); // [batch, height / 4, width / 4, embedDim], then half of the size each time
  }
}

const tiny = { embedDim: 96, depths: [2, 2, 6, 2], numHeads: [3, 6, 12, 24] };
const small = { ...tiny, depths: [2, 2, 18, 2] };
const base = { embedDim: 128, depths: [2, 2, 18, 2], numHeads: [4, 8, 16, 32] };
const first = { windowSize: 7, version: 1 } as const;
const second = { windowSize: 8, version: 2 } as const;

/** Swin-T: 28,288,354 parameters. */
export const swinT = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...tiny, ...first }, { stochasticDepthProb: 0.2, ...options });

/** Swin-S: 49,606,258 parameters. */
export const swinS = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...small, ...first }, { stochasticDepthProb: 0.3, ...options });

/** Swin-B: 87,768,224 parameters. */
export const swinB = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...base, ...first }, { stochasticDepthProb: 0.5, ...options });

/** Swin V2-T: 28,351,570 parameters. */
export const swinV2T = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...tiny, ...second }, { stochasticDepthProb: 0.2, ...options });

/** Swin V2-S: 49,737,442 parameters. */
export const swinV2S = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...small, ...second }, { stochasticDepthProb: 0.3, ...options });

/** Swin V2-B: 87,930,848 parameters. */
export const swinV2B = (options: SwinTransformerOptions): SwinTransformer =>
  new SwinTransformer({ ...base, ...second }, { stochasticDepthProb: 0.5, ...options });
