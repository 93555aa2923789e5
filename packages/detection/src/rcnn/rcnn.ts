import {
  type Backbone,
  checkOptions,
  checkRng,
  checkSizes,
  type Layer,
  Module,
  type Rng,
} from "@pellucid/core-train";
import {
  div,
  expandDims,
  sub,
  tensor1d,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import type { Size2d } from "../anchors/box-array.ts";
import type { PooledSize } from "../roi/pooled-size.ts";
import { lastMap } from "../yolo/last-map.ts";
import { FastRCNNPredictor, type RegionPredictions } from "./fast-rcnn-predictor.ts";
import {
  GeneralizedRCNNTransform,
  type GeneralizedRCNNTransformOptions,
} from "./generalized-rcnn-transform.ts";
import { type PooledFrom, ProposalDetector } from "./proposal-detector.ts";
import { RegionNetwork } from "./region-network.ts";
import { RegionWarp } from "./region-warp.ts";
import { RoIHeads } from "./roi-heads.ts";
import type { RoIHeadsOptions } from "./roi-heads-options.ts";
import { TwoMLPHead } from "./two-mlp-head.ts";

/** Options for {@link RCNN}. */
export interface RCNNOptions extends Pick<GeneralizedRCNNTransformOptions, "imageMean" | "imageStd"> {
  /** Random generator for initialization and for the samples of training. */
  readonly rng: Rng;
  /** The size to which each region is warped, that of the backbone's images. Default: 224. */
  readonly regionSize?: PooledSize;
  /** How many pixels of a warped region are of its surroundings, at each edge. Default: 0; the paper has 16 of 227. */
  readonly context?: number;
  /** From the backbone's last map of a region to its features. Default: {@link TwoMLPHead}. */
  readonly boxHead?: Module & Layer<Tensor4D, Tensor2D>;
  /** Default: {@link FastRCNNPredictor} of the head's features. */
  readonly boxPredictor?: Module & Layer<Tensor2D, RegionPredictions>;
  /** Features of the default head. Default: 1024. */
  readonly representationSize?: number;
  /** How regions are sampled and become detections. */
  readonly box?: Omit<RoIHeadsOptions, "rng" | "mask" | "keypoint">;
}

const names = [
  "rng",
  "imageMean",
  "imageStd",
  "regionSize",
  "context",
  "boxHead",
  "boxPredictor",
  "representationSize",
  "box",
] as const;

/**
 * R-CNN on any backbone: each region that `selectiveSearch` proposes is cut out, warped to one size and goes through the whole backbone by itself; its features give a class and a box.
 * {@link FastRCNN} runs the backbone once for all regions of a picture.
 *
 * The class is that of a softmax, trained together with the boxes by the loss of Fast R-CNN, where the paper trains support vector machines and ridge regressions afterwards.
 *
 * ```ts
 * const model = new RCNN(backbone, 4, { rng, regionSize: 32 }); // three classes and the background
 * const proposals = [boxArray(selectiveSearch(picture))];
 * await trainStep(model, optimizer, () => totalLoss(model.losses([image], targets, proposals)));
 * const [found] = await model.detect([image]);
 * ```
 *
 * Girshick et al., 2014. Rich feature hierarchies for accurate object detection and semantic segmentation. https://arxiv.org/abs/1311.2524
 */
export class RCNN extends ProposalDetector {
  /** @param numClasses including the background, which is class 0 */
  constructor(backbone: Module & Backbone, numClasses: number, options: RCNNOptions) {
    const caller = "RCNN";
    checkRng(caller, options);
    checkOptions(caller, options, names);
    const { rng, regionSize = 224, context = 0, representationSize = 1024, box, ...rest } = options;
    checkSizes(caller, { numClasses, representationSize });
    const { channels, stride } = lastMap(caller, backbone);
    const warp = new RegionWarp(regionSize, { context });
    const [rows, columns] = warp.outputSize.map((size) => Math.ceil(size / stride));
    const without = {} as never;
    new RoIHeads(warp, without, without, { ...box, rng }); // its checks come before anything is drawn
    const { imageMean, imageStd, boxHead, boxPredictor } = rest;
    const transform = new GeneralizedRCNNTransform(1, 1, {
      rng,
      ...(imageMean && { imageMean }),
      ...(imageStd && { imageStd }),
    });
    const pooled = channels * (rows ?? NaN) * (columns ?? NaN);
    const head = boxHead ?? new TwoMLPHead(pooled, representationSize, { rng });
    const predictor = boxPredictor ?? new FastRCNNPredictor(representationSize, numClasses, { rng });
    super(
      transform,
      new RoIHeads(warp, new RegionNetwork(backbone, head), predictor, { ...box, rng }),
      numClasses,
    );
  }

  protected override pooledFrom(images: readonly Tensor3D[]): PooledFrom {
    const [mean, std] = [tensor1d([...this.transform.imageMean]), tensor1d([...this.transform.imageStd])];
    const normal = images.map((image) => expandDims<Tensor4D>(div(sub(image, mean), std), 0)); // [1, height, width, color]
    return {
      features: Object.fromEntries(normal.entries()),
      imageSizes: images.map(({ shape }): Size2d => [shape[0], shape[1]]),
    };
  }
}
