import {
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  type FeatureMaps,
  type Layer,
  Module,
  type Rng,
  tidyLeaves,
} from "@pellucid/core-train";
import {
  concat,
  type Rank,
  reshape,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import type { AnchorGenerator } from "../anchors/anchor-generator.ts";
import { BalancedPositiveNegativeSampler } from "../anchors/balanced-positive-negative-sampler.ts";
import { type BoxArray, boxArray, concatBoxes, type Size2d, takeBoxes } from "../anchors/box-array.ts";
import { BoxCoder } from "../anchors/box-coder.ts";
import { iouMatrix } from "../anchors/iou-matrix.ts";
import { Matcher } from "../anchors/matcher.ts";
import { filterProposals, type Proposals } from "./filter-proposals.ts";
import type { RPNHeadOutput } from "./rpn-head.ts";
import { rpnLoss, type RpnLosses } from "./rpn-loss.ts";

/** A number in training, and one in inference. */
export interface PerMode {
  readonly training: number;
  readonly testing: number;
}

/** Options for {@link RegionProposalNetwork}. */
export interface RegionProposalNetworkOptions {
  /** Random generator for the sampling of anchors in training. */
  readonly rng: Rng;
  /** The IoU with an object from which on an anchor is one. Default: 0.7. */
  readonly fgIouThresh?: number;
  /** The IoU with every object below which an anchor is background. Default: 0.3. */
  readonly bgIouThresh?: number;
  /** How many anchors of an image count in training. Default: 256. */
  readonly batchSizePerImage?: number;
  /** How many of these are objects at most, as a fraction. Default: 0.5. */
  readonly positiveFraction?: number;
  /** How many proposals of each level are suppressed. Default: 2000 in training, else 1000. */
  readonly preNmsTopN?: PerMode;
  /** How many proposals are kept. Default: 2000 in training, else 1000. */
  readonly postNmsTopN?: PerMode;
  /** The IoU above which the lower score of two proposals goes. Default: 0.7. */
  readonly nmsThresh?: number;
  /** The least score of a proposal. Default: 0. */
  readonly scoreThresh?: number;
}

/** What a {@link RegionProposalNetwork} predicts of the anchors of all maps, level by level. */
export interface AnchorPredictions {
  /** `[batch, anchor]` logits of being an object. */
  readonly objectness: Tensor2D;
  /** `[batch, anchor, 4]` codes of boxes. */
  readonly deltas: Tensor3D;
}

/**
 * Proposes regions that may hold an object, torchvision's `RegionProposalNetwork`, with its names and numbers.
 *
 * Ren et al., 2015. Faster R-CNN, section 3. https://arxiv.org/abs/1506.01497
 */
export class RegionProposalNetwork extends Module implements Layer<FeatureMaps, AnchorPredictions> {
  readonly head: Module & Layer<Tensor4D, RPNHeadOutput>;
  readonly anchorGenerator: AnchorGenerator;
  readonly boxCoder = new BoxCoder();
  readonly proposalMatcher: Matcher;
  readonly fgBgSampler: BalancedPositiveNegativeSampler;
  readonly preNmsTopN: PerMode;
  readonly postNmsTopN: PerMode;
  readonly nmsThresh: number;
  readonly scoreThresh: number;

  constructor(
    anchorGenerator: AnchorGenerator,
    head: Module & Layer<Tensor4D, RPNHeadOutput>,
    options: RegionProposalNetworkOptions,
  ) {
    super();
    const caller = "RegionProposalNetwork";
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "fgIouThresh",
      "bgIouThresh",
      "batchSizePerImage",
      "positiveFraction",
      "preNmsTopN",
      "postNmsTopN",
      "nmsThresh",
      "scoreThresh",
    ]);
    const {
      rng,
      fgIouThresh = 0.7,
      bgIouThresh = 0.3,
      batchSizePerImage = 256,
      positiveFraction = 0.5,
    } = options;
    const {
      preNmsTopN = { training: 2000, testing: 1000 },
      postNmsTopN = { training: 2000, testing: 1000 },
    } = options;
    const { nmsThresh = 0.7, scoreThresh = 0 } = options;
    checkProbabilities(caller, { fgIouThresh, bgIouThresh, nmsThresh, scoreThresh });
    for (const { training, testing } of [preNmsTopN, postNmsTopN]) checkSizes(caller, { training, testing });
    this.head = head;
    this.anchorGenerator = anchorGenerator;
    this.proposalMatcher = new Matcher(fgIouThresh, bgIouThresh, { allowLowQualityMatches: true });
    this.fgBgSampler = new BalancedPositiveNegativeSampler(batchSizePerImage, positiveFraction, { rng });
    this.preNmsTopN = preNmsTopN;
    this.postNmsTopN = postNmsTopN;
    this.nmsThresh = nmsThresh;
    this.scoreThresh = scoreThresh;
  }

  /** @param features `[batch, height, width, channel]` each */
  forward(features: FeatureMaps): AnchorPredictions {
    return tidyLeaves(() => {
      const levels = Object.values(features).map((map) => {
        const { objectness, deltas } = this.head.forward(map);
        return {
          objectness: reshape<Rank.R2>(objectness, [map.shape[0], -1]), // [batch, height · width · anchor]
          deltas: reshape<Rank.R3>(deltas, [map.shape[0], -1, 4]), //      [batch, height · width · anchor, 4]
        };
      });
      return {
        objectness: concat(
          levels.map(({ objectness }) => objectness),
          1,
        ), // [batch, anchor]
        deltas: concat(
          levels.map(({ deltas }) => deltas),
          1,
        ), //             [batch, anchor, 4]
      };
    });
  }

  /** The anchors of each map for a batch of images of the given size. */
  anchorsOf(imageSize: Size2d, features: FeatureMaps): BoxArray[] {
    const grids = Object.values(features).map(({ shape }): Size2d => [shape[1], shape[2]]);
    return this.anchorGenerator.generate(imageSize, grids);
  }

  /**
   * The proposals of each image, from what {@link forward} returned, read back.
   *
   * @param anchors of each map
   * @param imageSizes without padding
   */
  propose(
    objectness: Float32Array,
    deltas: Float32Array,
    anchors: readonly BoxArray[],
    imageSizes: readonly Size2d[],
    mode: keyof PerMode = "testing",
  ): Proposals[] {
    const all = concatBoxes(anchors);
    const count = all.data.length / 4;
    const perLevel = anchors.map(({ data }) => data.length / 4);
    return imageSizes.map((imageSize, image) => {
      const codes = boxArray(deltas.subarray(image * count * 4, (image + 1) * count * 4));
      const boxesOf = (indices: Int32Array): BoxArray =>
        boxArray(this.boxCoder.decode(takeBoxes(codes, indices), takeBoxes(all, indices)).data);
      return filterProposals(
        objectness.subarray(image * count, (image + 1) * count),
        boxesOf,
        perLevel,
        imageSize,
        {
          preNmsTopN: this.preNmsTopN[mode],
          postNmsTopN: this.postNmsTopN[mode],
          nmsThresh: this.nmsThresh,
          scoreThresh: this.scoreThresh,
        },
      );
    });
  }

  /**
   * The losses of predictions. Draws the anchors that count.
   *
   * @param anchors of each map
   * @param objects the boxes of each image's objects; without any, all anchors are background
   */
  losses(
    { objectness, deltas }: AnchorPredictions,
    anchors: readonly BoxArray[],
    objects: readonly BoxArray[],
  ): RpnLosses {
    const all = concatBoxes(anchors);
    const assigned = objects.map((boxes) => this.assign(all, boxes));
    const samples = assigned.map(({ labels }) => this.fgBgSampler.sample(labels));
    const labels = assigned.map((image) => image.labels);
    const codes = assigned.map(({ matched }) => this.boxCoder.encode(matched, all));
    return tidyLeaves(() => rpnLoss({ objectness, deltas, labels, codes, samples }));
  }

  /** The label and the object of each anchor: 1 with its object, 0 for the background, −1 for neither. */
  assign(anchors: BoxArray, objects: BoxArray): { readonly labels: Int32Array; readonly matched: BoxArray } {
    const count = anchors.data.length / 4;
    if (objects.data.length === 0)
      return { labels: new Int32Array(count), matched: boxArray(new Float32Array(count * 4)) };
    const matches = this.proposalMatcher.match(iouMatrix(objects, anchors));
    const labels = matches.map((object) => {
      if (object >= 0) return 1;
      return object === Matcher.BELOW_LOW_THRESHOLD ? 0 : -1;
    });
    return {
      labels,
      matched: takeBoxes(
        objects,
        matches.map((object) => Math.max(object, 0)),
      ),
    };
  }
}
