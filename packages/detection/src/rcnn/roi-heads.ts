import {
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  type FeatureMaps,
  type HasTorchLayout,
  type HostTensor,
  type Layer,
  Module,
  Sequential,
  sigmoid,
  tidyLeaves,
  sizeAlong,
  type TorchLayout,
} from "@pellucid/core-train";
import { type Scalar, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { BalancedPositiveNegativeSampler } from "../anchors/balanced-positive-negative-sampler.ts";
import { type BoxArray, boxArray, concatBoxes, type Size2d, takeBoxes } from "../anchors/box-array.ts";
import { BoxCoder } from "../anchors/box-coder.ts";
import { iouMatrix } from "../anchors/iou-matrix.ts";
import { Matcher } from "../anchors/matcher.ts";
import type { Detections } from "../models/detections.ts";
import type { HostTarget } from "../models/read-targets.ts";
import { classMaps } from "./class-maps.ts";
import { detectRegions } from "./detect-regions.ts";
import { fastRcnnLoss, type FastRcnnLosses } from "./fast-rcnn-loss.ts";
import type { RegionPredictions } from "./fast-rcnn-predictor.ts";
import { keypointRcnnLoss } from "./keypoint-rcnn-loss.ts";
import { maskRcnnLoss } from "./mask-rcnn-loss.ts";
import type { MultiScaleRoIAlign } from "./multi-scale-roi-align.ts";
import type { MapLayer, RoIHeadsOptions } from "./roi-heads-options.ts";

/** The losses of the heads of regions. */
export type RoILosses = FastRcnnLosses & { readonly lossMask?: Scalar; readonly lossKeypoint?: Scalar };

/** The regions of one image that count in training. */
interface SampledRegions {
  readonly boxes: BoxArray;
  /** The object of each region; 0 for the background. */
  readonly objects: Int32Array;
  /** The class of each region; 0 for the background. */
  readonly labels: Int32Array;
}

/**
 * Classifies proposed regions and refines their boxes, and makes masks and keypoints of them: torchvision's `RoIHeads`, with its names and numbers. On proposals from elsewhere it is
 * Fast R-CNN.
 *
 * Girshick, 2015. Fast R-CNN. https://arxiv.org/abs/1504.08083 · He et al., 2017. Mask R-CNN. https://arxiv.org/abs/1703.06870
 */
export class RoIHeads extends Module implements HasTorchLayout {
  readonly boxRoiPool: MultiScaleRoIAlign;
  readonly boxHead: Module & Layer<Tensor4D, Tensor2D>;
  readonly boxPredictor: Module & Layer<Tensor2D, RegionPredictions>;
  readonly maskRoiPool: MultiScaleRoIAlign | null;
  readonly maskHead: MapLayer | null;
  readonly maskPredictor: MapLayer | null;
  readonly keypointRoiPool: MultiScaleRoIAlign | null;
  readonly keypointHead: MapLayer | null;
  readonly keypointPredictor: MapLayer | null;
  readonly proposalMatcher: Matcher;
  readonly fgBgSampler: BalancedPositiveNegativeSampler;
  readonly boxCoder: BoxCoder;
  readonly scoreThresh: number;
  readonly nmsThresh: number;
  readonly detectionsPerImg: number;

  constructor(
    boxRoiPool: MultiScaleRoIAlign,
    boxHead: Module & Layer<Tensor4D, Tensor2D>,
    boxPredictor: Module & Layer<Tensor2D, RegionPredictions>,
    options: RoIHeadsOptions,
  ) {
    super();
    checkRng("RoIHeads", options);
    checkOptions("RoIHeads", options, [
      "rng",
      "mask",
      "keypoint",
      "fgIouThresh",
      "bgIouThresh",
      "batchSizePerImage",
      "positiveFraction",
      "bboxRegWeights",
      "scoreThresh",
      "nmsThresh",
      "detectionsPerImg",
    ]);
    const { rng, mask = null, keypoint = null, fgIouThresh = 0.5, bgIouThresh = 0.5 } = options;
    const { batchSizePerImage = 512, positiveFraction = 0.25, bboxRegWeights = [10, 10, 5, 5] } = options;
    const { scoreThresh = 0.05, nmsThresh = 0.5, detectionsPerImg = 100 } = options;
    checkProbabilities("RoIHeads", { fgIouThresh, bgIouThresh, scoreThresh, nmsThresh });
    checkSizes("RoIHeads", { detectionsPerImg });
    this.boxRoiPool = boxRoiPool;
    this.boxHead = boxHead;
    this.boxPredictor = boxPredictor;
    this.maskRoiPool = mask?.pool ?? null;
    this.maskHead = mask?.head ?? null;
    this.maskPredictor = mask?.predictor ?? null;
    this.keypointRoiPool = keypoint?.pool ?? null;
    this.keypointHead = keypoint?.head ?? null;
    this.keypointPredictor = keypoint?.predictor ?? null;
    this.proposalMatcher = new Matcher(fgIouThresh, bgIouThresh);
    this.fgBgSampler = new BalancedPositiveNegativeSampler(batchSizePerImage, positiveFraction, { rng });
    this.boxCoder = new BoxCoder(bboxRegWeights);
    this.scoreThresh = scoreThresh;
    this.nmsThresh = nmsThresh;
    this.detectionsPerImg = detectionsPerImg;
  }

  /** Files of torchvision before 0.13 call the convolutions for masks `mask_head.mask_fcn1` and so on. */
  get torchLayout(): TorchLayout {
    const count = this.maskHead instanceof Sequential ? this.maskHead.layers.length : 0;
    const convs = Array.from({ length: count }, (_, i) => `maskHead.${i}.0`);
    return Object.fromEntries(convs.map((path, i) => [path, { aliases: [`../mask_fcn${i + 1}`] }]));
  }

  /** The classes and box codes of regions, one at least, image by image. */
  predict(
    features: FeatureMaps,
    regions: readonly BoxArray[],
    imageSizes: readonly Size2d[],
  ): RegionPredictions {
    return tidyLeaves(() => {
      const pooled = this.boxRoiPool.pool(features, regions, imageSizes); // [region, height, width, channel]
      return this.boxPredictor.forward(this.boxHead.forward(pooled));
    });
  }

  /**
   * The detections of each image, in the pixels that the regions are in.
   *
   * @param scores `[region, class]` probabilities, read back
   * @param codes `[region, 4 · class]`, read back
   */
  detections(
    scores: HostTensor<Float32Array>,
    codes: HostTensor<Float32Array>,
    regions: readonly BoxArray[],
    imageSizes: readonly Size2d[],
  ): Detections[] {
    const classes = sizeAlong(scores, 1);
    const { data } = this.boxCoder.decode(codes, concatBoxes(regions));
    let from = 0;
    return regions.map((own, image) => {
      const to = from + (own.data.length / 4) * classes;
      const boxes = boxArray(data.subarray(4 * from, 4 * to));
      const found = detectRegions(
        boxes,
        scores.data.subarray(from, to),
        classes,
        imageSizes[image] as Size2d,
        this,
      );
      from = to;
      return found;
    });
  }

  /** The probabilities of the masks of detections, one at least: `[detection, height · width]`. */
  predictMasks(features: FeatureMaps, found: readonly Detections[], imageSizes: readonly Size2d[]): Tensor2D {
    const labels = found.flatMap((image) => [...image.labels]);
    return tidy(() => {
      const logits = this.#maskLogits(
        features,
        found.map(({ boxes }) => boxes),
        imageSizes,
      );
      return sigmoid(classMaps(logits, labels));
    });
  }

  /** The heatmaps of the keypoints of detections, one at least: `[detection, height, width, keypoint]`. */
  predictKeypoints(
    features: FeatureMaps,
    regions: readonly BoxArray[],
    imageSizes: readonly Size2d[],
  ): Tensor4D {
    return tidy(() => {
      const pooled = (this.keypointRoiPool as MultiScaleRoIAlign).pool(features, regions, imageSizes);
      const maps = (this.keypointHead as MapLayer).forward(pooled);
      return (this.keypointPredictor as MapLayer).forward(maps);
    });
  }

  /**
   * The losses of proposals, to which the boxes of the objects are added. Draws the regions that count.
   *
   * @param targets in the pixels of the proposals
   */
  losses(
    features: FeatureMaps,
    proposals: readonly BoxArray[],
    imageSizes: readonly Size2d[],
    targets: readonly HostTarget[],
  ): RoILosses {
    const sampled = targets.map((target, image) => this.sample(proposals[image] as BoxArray, target));
    const boxes = sampled.map((image) => image.boxes);
    const labels = Int32Array.from(sampled.flatMap((image) => [...image.labels]));
    const matched = sampled.map(({ objects }, image) => {
      const own = (targets[image] as HostTarget).boxes;
      return own.data.length === 0 ? boxArray(new Float32Array(objects.length * 4)) : takeBoxes(own, objects);
    });
    const codes = this.boxCoder.encode(concatBoxes(matched), concatBoxes(boxes));
    const positive = sampled.map((image) => {
      const kept = [...image.labels.keys()].filter((i) => (image.labels[i] ?? NaN) > 0);
      return {
        boxes: takeBoxes(image.boxes, kept),
        objects: Int32Array.from(kept, (i) => image.objects[i] ?? NaN),
        labels: Int32Array.from(kept, (i) => image.labels[i] ?? NaN),
      };
    });
    return tidyLeaves(() => ({
      ...fastRcnnLoss(this.predict(features, boxes, imageSizes), labels, codes),
      ...this.#maskLoss(features, positive, imageSizes, targets),
      ...this.#keypointLoss(features, positive, imageSizes, targets),
    }));
  }

  /** Draws the regions of an image that count: proposals and the boxes of the objects themselves. */
  sample(proposals: BoxArray, { boxes, labels }: HostTarget): SampledRegions {
    const all = concatBoxes([proposals, boxes]);
    const count = all.data.length / 4;
    const matches =
      boxes.data.length === 0
        ? new Int32Array(count).fill(Matcher.BELOW_LOW_THRESHOLD)
        : this.proposalMatcher.match(iouMatrix(boxes, all));
    const classes = matches.map((object) => {
      if (object >= 0) return labels[object] ?? NaN;
      return object === Matcher.BELOW_LOW_THRESHOLD ? 0 : -1;
    });
    const { positive, negative } = this.fgBgSampler.sample(classes);
    const kept = Int32Array.of(...positive, ...negative).sort();
    return {
      boxes: takeBoxes(all, kept),
      objects: kept.map((i) => Math.max(matches[i] ?? NaN, 0)),
      labels: kept.map((i) => classes[i] ?? NaN),
    };
  }

  #maskLogits(features: FeatureMaps, regions: readonly BoxArray[], imageSizes: readonly Size2d[]): Tensor4D {
    const pooled = (this.maskRoiPool as MultiScaleRoIAlign).pool(features, regions, imageSizes);
    return (this.maskPredictor as MapLayer).forward((this.maskHead as MapLayer).forward(pooled));
  }

  #maskLoss(
    features: FeatureMaps,
    positive: readonly SampledRegions[],
    imageSizes: readonly Size2d[],
    targets: readonly HostTarget[],
  ): { lossMask?: Scalar } {
    if (this.maskRoiPool === null) return {};
    const regions = positive.map(({ boxes }) => boxes);
    const logits = this.#maskLogits(features, padded(regions), imageSizes);
    const masked = positive.flatMap((image, i) => {
      const { masks } = targets[i] as HostTarget;
      return masks === null ? [] : [{ ...image, masks }];
    });
    return { lossMask: maskRcnnLoss(logits, masked) };
  }

  #keypointLoss(
    features: FeatureMaps,
    positive: readonly SampledRegions[],
    imageSizes: readonly Size2d[],
    targets: readonly HostTarget[],
  ): { lossKeypoint?: Scalar } {
    if (this.keypointRoiPool === null) return {};
    const regions = positive.map(({ boxes }) => boxes);
    const logits = this.predictKeypoints(features, padded(regions), imageSizes);
    const withKeypoints = positive.flatMap((image, i) => {
      const { keypoints } = targets[i] as HostTarget;
      return keypoints === null ? [] : [{ ...image, keypoints }];
    });
    return { lossKeypoint: keypointRcnnLoss(logits, withKeypoints) };
  }
}

/** A region of a pixel where there is none, whose loss is 0, so that no layer runs on nothing. */
function padded(regions: readonly BoxArray[]): readonly BoxArray[] {
  if (regions.some(({ data }) => data.length > 0)) return regions;
  return regions.map((boxes, image) => (image === 0 ? boxArray(Float32Array.of(0, 0, 1, 1)) : boxes));
}
