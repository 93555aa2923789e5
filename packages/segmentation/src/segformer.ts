import {
  checkNotNegative,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizes,
  init,
  initialize,
  Conv2d,
  Linear,
  Module,
  OptionError,
  type Rng,
  tidyLeaves,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { resizeTo } from "./resize-to.ts";
import { SegformerDecodeHead } from "./segformer-decode-head.ts";
import { SegformerStage } from "./segformer-stage.ts";
import type { SegmentationModel, SegmentationOutput } from "./segmentation-output.ts";

/** Options for {@link Segformer}; lists have one number per stage. The defaults are those of the smallest, B0. */
export interface SegformerOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** Channels of the images. Default: 3. */
  readonly numChannels?: number;
  /** Blocks of each stage. Default: 2, 2, 2, 2. */
  readonly depths?: readonly number[];
  /** Features of each stage. Default: 32, 64, 160, 256. */
  readonly hiddenSizes?: readonly number[];
  /** Heads of each stage's attention. Default: 1, 2, 5, 8. */
  readonly numAttentionHeads?: readonly number[];
  /** How much coarser keys and values are than queries. Default: 8, 4, 2, 1. */
  readonly srRatios?: readonly number[];
  /** Kernel sizes of the convolutions that begin each stage. Default: 7, 3, 3, 3. */
  readonly patchSizes?: readonly number[];
  /** Their strides. Default: 4, 2, 2, 2. */
  readonly strides?: readonly number[];
  /** How many times wider the hidden layers of the blocks are. Default: 4, 4, 4, 4. */
  readonly mlpRatios?: readonly number[];
  /** Features of the decoder. Default: 256. */
  readonly decoderHiddenSize?: number;
  /** Dropout in blocks. Default: 0. */
  readonly hiddenDropoutProb?: number;
  /** Dropout of attention weights. Default: 0. */
  readonly attentionProbsDropoutProb?: number;
  /** Dropout before the classifier. Default: 0.1. */
  readonly classifierDropoutProb?: number;
  /** The probability that the last block's branches are dropped; it rises linearly from 0. Default: 0.1. */
  readonly dropPathRate?: number;
  /** Standard deviation of the initial weights. Default: 0.02. */
  readonly initializerRange?: number;
}

/**
 * A hierarchical transformer without position embeddings, and a decoder of linear layers: transformers' `SegformerForSemanticSegmentation`,
 * with its names. For files with the names of the hub pass `{ rename: segformerHubNames }` to `loadWeights`.
 *
 * Xie et al., 2021. https://arxiv.org/abs/2105.15203
 */
export class Segformer extends Module implements SegmentationModel {
  readonly segformer: SegformerEncoder;
  readonly decodeHead: SegformerDecodeHead;

  constructor(numLabels: number, options: SegformerOptions) {
    super();
    checkRng("Segformer", options);
    checkOptions("Segformer", options, [
      "rng",
      "numChannels",
      "depths",
      "hiddenSizes",
      "numAttentionHeads",
      "srRatios",
      "patchSizes",
      "strides",
      "mlpRatios",
      "decoderHiddenSize",
      "hiddenDropoutProb",
      "attentionProbsDropoutProb",
      "classifierDropoutProb",
      "dropPathRate",
      "initializerRange",
    ]);
    const { rng, hiddenSizes = [32, 64, 160, 256], initializerRange = 0.02 } = options;
    checkNotNegative("Segformer", { initializerRange });
    const { decoderHiddenSize = 256, classifierDropoutProb = 0.1 } = options;
    checkSizes("Segformer", { numLabels, decoderHiddenSize });
    checkProbabilities("Segformer", { classifierDropoutProb });
    this.segformer = new SegformerEncoder({ ...options, hiddenSizes });
    drawWeights(this.segformer, initializerRange, rng);
    this.decodeHead = new SegformerDecodeHead(hiddenSizes, decoderHiddenSize, numLabels, {
      rng,
      dropout: classifierDropoutProb,
    });
    drawWeights(this.decodeHead, initializerRange, rng);
  }

  /**
   * @param images `[batch, height, width, numChannels]`
   * @returns `out`: logits `[batch, height, width, numLabels]`, interpolated from {@link forwardLogits}
   */
  forward(images: Tensor4D): SegmentationOutput {
    return tidyLeaves(() => ({ out: resizeTo(this.forwardLogits(images), images) }));
  }

  /** @returns what transformers calls `logits`: `[batch, height / 4, width / 4, numLabels]` */
  forwardLogits(images: Tensor4D): Tensor4D {
    checkShape("Segformer", "images", images, ["batch", "height", "width", "channel"]);
    return tidyLeaves(() => this.decodeHead.forward(this.segformer.forward(images)));
  }
}

/** As transformers: over the weights that the layers have drawn, when all of a part are there. */
function drawWeights(part: Module, std: number, rng: Rng): void {
  for (const [, module] of part.namedModules()) {
    if (!(module instanceof Linear || module instanceof Conv2d)) continue;
    initialize(module, "weight", init.normal(0, std), rng);
    if (module.bias !== null) initialize(module, "bias", init.zeros(), rng);
  }
}

/** The encoder of {@link Segformer}: a map per stage, the finest first. */
class SegformerEncoder extends Module {
  readonly stages: readonly SegformerStage[];

  constructor(options: SegformerOptions & { readonly hiddenSizes: readonly number[] }) {
    super();
    const { rng, numChannels = 3, hiddenSizes, depths = [2, 2, 2, 2], srRatios = [8, 4, 2, 1] } = options;
    const { patchSizes = [7, 3, 3, 3], strides = [4, 2, 2, 2], mlpRatios = [4, 4, 4, 4] } = options;
    const { numAttentionHeads = [1, 2, 5, 8], dropPathRate = 0.1 } = options;
    const { hiddenDropoutProb = 0, attentionProbsDropoutProb = 0 } = options;
    checkSizes("Segformer", { numChannels });
    checkProbabilities("Segformer", { hiddenDropoutProb, attentionProbsDropoutProb, dropPathRate });
    const lists = { hiddenSizes, depths, srRatios, patchSizes, strides, mlpRatios, numAttentionHeads };
    for (const [name, list] of Object.entries(lists)) {
      if (!Array.isArray(list) || list.length !== hiddenSizes.length || list.length === 0)
        throw new OptionError("Segformer", name, JSON.stringify(list), "as many numbers as there are stages");
      for (const size of list) checkSizes("Segformer", { [name]: size });
    }
    const total = depths.reduce((sum, depth) => sum + depth, 0);
    const before = depths.map((_, i) => depths.slice(0, i).reduce((sum, depth) => sum + depth, 0));
    const at = (list: readonly number[], i: number) => list[i] ?? NaN;
    for (const [i, size] of hiddenSizes.entries())
      if (size % at(numAttentionHeads, i) !== 0)
        throw new OptionError(
          "Segformer",
          "hiddenSizes",
          size,
          `a multiple of the ${at(numAttentionHeads, i)} heads`,
        );
    this.stages = hiddenSizes.map(
      (hiddenSize, i) =>
        new SegformerStage(i === 0 ? numChannels : at(hiddenSizes, i - 1), hiddenSize, {
          rng,
          depth: at(depths, i),
          numHeads: at(numAttentionHeads, i),
          srRatio: at(srRatios, i),
          patchSize: at(patchSizes, i),
          stride: at(strides, i),
          mlpRatio: at(mlpRatios, i),
          dropout: hiddenDropoutProb,
          attentionDropout: attentionProbsDropoutProb,
          dropPath: Array.from(
            { length: at(depths, i) },
            (_, j) => (dropPathRate * (at(before, i) + j)) / Math.max(total - 1, 1),
          ),
        }),
    );
  }

  forward(images: Tensor4D): Tensor4D[] {
    const maps: Tensor4D[] = [];
    return tidyLeaves(() => {
      for (const stage of this.stages) maps.push(stage.forward(maps.at(-1) ?? images));
      return maps;
    });
  }
}
