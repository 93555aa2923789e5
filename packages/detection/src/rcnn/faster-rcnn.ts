import {
  type Backbone,
  checkOptions,
  checkRng,
  type Layer,
  type Module,
  type Rng,
} from "@pellucid/core-train";
import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import { AnchorGenerator } from "../anchors/anchor-generator.ts";
import type { Detections } from "../models/detections.ts";
import { RegionProposalNetwork, type RegionProposalNetworkOptions } from "../rpn/region-proposal-network.ts";
import { RPNHead, type RPNHeadOutput } from "../rpn/rpn-head.ts";
import { backboneChannels } from "./backbone-channels.ts";
import { checkRcnn } from "./check-rcnn.ts";
import { FastRCNNPredictor, type RegionPredictions } from "./fast-rcnn-predictor.ts";
import { GeneralizedRCNN } from "./generalized-rcnn.ts";
import {
  GeneralizedRCNNTransform,
  type GeneralizedRCNNTransformOptions,
} from "./generalized-rcnn-transform.ts";
import { MultiScaleRoIAlign } from "./multi-scale-roi-align.ts";
import { RoIHeads } from "./roi-heads.ts";
import { type RoIHeadsOptions } from "./roi-heads-options.ts";
import { TwoMLPHead } from "./two-mlp-head.ts";

/** Options for {@link FasterRCNN}. */
export interface FasterRCNNOptions {
  /** Random generator for initialization and for the samples of training, as PyTorch's default generator. */
  readonly rng: Rng;
  /** The length to which the shorter side of images is resized. Default: 800. */
  readonly minSize?: number | readonly number[];
  /** The length of the longer side at most. Default: 1333. */
  readonly maxSize?: number;
  /** How images are normalized and padded. */
  readonly transform?: Omit<GeneralizedRCNNTransformOptions, "rng">;
  /** Default: squares of 32, 64, 128, 256 and 512 pixels, one per map, and boxes twice as wide and high. */
  readonly anchorGenerator?: AnchorGenerator;
  /** Default: {@link RPNHead}. */
  readonly rpnHead?: Module & Layer<Tensor4D, RPNHeadOutput>;
  /** How regions are proposed. */
  readonly rpn?: Omit<RegionProposalNetworkOptions, "rng">;
  /** Default: 7×7 from all maps but one called `pool`, 2 samples. */
  readonly boxRoiPool?: MultiScaleRoIAlign;
  /** Default: {@link TwoMLPHead} of 1024 features. */
  readonly boxHead?: Module & Layer<Tensor4D, Tensor2D>;
  /** Default: {@link FastRCNNPredictor} of the head's features. */
  readonly boxPredictor?: Module & Layer<Tensor2D, RegionPredictions>;
  /** Features of the default head. Default: 1024. */
  readonly representationSize?: number;
  /** How regions are sampled and become detections. */
  readonly box?: Omit<RoIHeadsOptions, "rng" | "mask" | "keypoint">;
}

/** What a subclass adds to a {@link FasterRCNN}. */
export type Branches = Pick<RoIHeadsOptions, "mask" | "keypoint"> & { readonly numKeypoints?: number };

/** The names of all options, for subclasses that add some. */
export const fasterRcnnOptions = [
  "rng",
  "minSize",
  "maxSize",
  "transform",
  "anchorGenerator",
  "rpnHead",
  "rpn",
  "boxRoiPool",
  "boxHead",
  "boxPredictor",
  "representationSize",
  "box",
] as const;

/**
 * Faster R-CNN on any backbone, torchvision's `FasterRCNN`, with its names, initial weights, losses and boxes. The backbone comes first from the generator, then what is made here.
 *
 * ```ts
 * const backbone = new BackboneWithFPN(body, 256, { rng });
 * const model = new FasterRCNN(backbone, 3, { rng }); // two classes and the background
 * const [found] = await model.detect([image]);
 * ```
 *
 * Ren et al., 2015. Faster R-CNN. https://arxiv.org/abs/1506.01497
 */
export class FasterRCNN<Found extends Detections = Detections> extends GeneralizedRCNN<Found> {
  /** @param numClasses including the background, which is class 0 */
  constructor(
    backbone: Module & Backbone,
    numClasses: number,
    options: FasterRCNNOptions,
    branches: Branches = {},
  ) {
    const caller = "FasterRCNN";
    checkRng(caller, options);
    checkOptions(caller, options, fasterRcnnOptions);
    const { rng, minSize = 800, maxSize = 1333, representationSize = 1024 } = options;
    checkRcnn(caller, backbone, numClasses, options);
    const channels = backboneChannels(caller, backbone);
    const transform = new GeneralizedRCNNTransform(minSize, maxSize, { ...options.transform, rng });
    const { anchorGenerator = new AnchorGenerator([[32], [64], [128], [256], [512]]) } = options;
    const [numAnchors = 0] = anchorGenerator.numAnchorsPerLocation();
    const { rpnHead = new RPNHead(channels, numAnchors, { rng }) } = options;
    const rpn = new RegionProposalNetwork(anchorGenerator, rpnHead, { ...options.rpn, rng });
    const { boxRoiPool = new MultiScaleRoIAlign(pooledMaps(backbone), 7, 2) } = options;
    const pooled = channels * boxRoiPool.outputSize[0] * boxRoiPool.outputSize[1];
    const { boxHead = new TwoMLPHead(pooled, representationSize, { rng }) } = options;
    const { boxPredictor = new FastRCNNPredictor(representationSize, numClasses, { rng }) } = options;
    const { mask = null, keypoint = null, numKeypoints } = branches;
    const roiHeads = new RoIHeads(boxRoiPool, boxHead, boxPredictor, { ...options.box, rng, mask, keypoint });
    super(backbone, rpn, roiHeads, transform, numClasses, numKeypoints ?? null);
  }
}

/** The maps that regions are pooled from: all but the one that is only for large anchors. */
export function pooledMaps(backbone: Backbone): string[] {
  return backbone.maps.map(({ name }) => name).filter((name) => name !== "pool");
}
