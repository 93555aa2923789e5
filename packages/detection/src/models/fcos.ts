import {
  type Backbone,
  binaryCrossEntropyWithLogits,
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkSizes,
  type FeatureMaps,
  focalLoss,
  type Layer,
  type Module,
  OptionError,
  type Rng,
} from "@pellucid/core-train";
import {
  add,
  concat,
  div,
  mul,
  type Rank,
  reshape,
  type Scalar,
  sigmoid,
  slice,
  sqrt,
  sub,
  sum,
  type Tensor2D,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { AnchorGenerator } from "../anchors/anchor-generator.ts";
import { type BoxArray, boxArray, concatBoxes, type Size2d, takeBoxes } from "../anchors/box-array.ts";
import { BoxLinearCoder } from "../anchors/box-linear-coder.ts";
import { xyxy } from "../boxes/box-format.ts";
import { generalizedBoxIouLoss } from "../loss/generalized-box-iou-loss.ts";
import { backboneChannels } from "../rcnn/backbone-channels.ts";
import {
  GeneralizedRCNNTransform,
  type GeneralizedRCNNTransformOptions,
} from "../rcnn/generalized-rcnn-transform.ts";
import { rowsAt } from "../rpn/rows-at.ts";
import { sigmoid32 } from "../rpn/sigmoid32.ts";
import { zeroOf } from "../rpn/zero-of.ts";
import { bestOfLevels } from "./best-of-levels.ts";
import { candidatesOfLevels } from "./candidates-of-levels.ts";
import { classTargets } from "./class-targets.ts";
import { clipInGraph } from "./clip-in-graph.ts";
import type { Detections } from "./detections.ts";
import { FCOSHead, type FCOSOutputs } from "./fcos-head.ts";
import { fcosMatch } from "./fcos-match.ts";
import type { GraphDetections } from "./graph-detections.ts";
import { type HostOutputs, OneStageDetector } from "./one-stage-detector.ts";
import type { HostTarget } from "./read-targets.ts";
import { rowOf } from "./row-of.ts";

const { fround } = Math;

/** Options for {@link FCOS}. */
export interface FCOSOptions {
  /** Random generator for initialization, and the choice of a size in training. */
  readonly rng: Rng;
  /** The length to which the shorter side of images is resized. Default: 800. */
  readonly minSize?: number | readonly number[];
  /** The length of the longer side at most. Default: 1333. */
  readonly maxSize?: number;
  /** How images are normalized and padded. */
  readonly transform?: Omit<GeneralizedRCNNTransformOptions, "rng">;
  /** One anchor per position, as large as the stride. Default: 8, 16, 32, 64, 128 pixels. */
  readonly anchorGenerator?: AnchorGenerator;
  /** Default: {@link FCOSHead}. */
  readonly head?: Module & Layer<FeatureMaps, FCOSOutputs>;
  /** The radius of the center of an object, in strides. Default: 1.5. */
  readonly centerSamplingRadius?: number;
  /** The score above which a position and class is a candidate. Default: 0.2. */
  readonly scoreThresh?: number;
  /** The IoU above which the lower score of two of a class goes. Default: 0.6. */
  readonly nmsThresh?: number;
  /** How many detections of an image are kept. Default: 100. */
  readonly detectionsPerImg?: number;
  /** How many candidates of each map are suppressed. Default: 1000. */
  readonly topkCandidates?: number;
}

/**
 * FCOS on any backbone, torchvision's `FCOS`, with its names, initial weights, losses and boxes: no anchors but the positions of the maps, which predict the distances to the edges of the object they
 * lie in, and how central they are.
 *
 * Tian et al., 2019. FCOS: fully convolutional one-stage object detection. https://arxiv.org/abs/1904.01355
 */
export class FCOS extends OneStageDetector<FCOSOutputs> {
  readonly boxCoder = new BoxLinearCoder();
  readonly centerSamplingRadius: number;
  readonly scoreThresh: number;
  readonly nmsThresh: number;
  readonly detectionsPerImg: number;
  readonly topkCandidates: number;
  protected readonly firstClass = 0;

  /** @param numClasses as of torchvision's weights: including the background, whose class is not used */
  constructor(backbone: Module & Backbone, numClasses: number, options: FCOSOptions) {
    const caller = "FCOS";
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "minSize",
      "maxSize",
      "transform",
      "anchorGenerator",
      "head",
      "centerSamplingRadius",
      "scoreThresh",
      "nmsThresh",
      "detectionsPerImg",
      "topkCandidates",
    ]);
    const { rng, minSize = 800, maxSize = 1333, centerSamplingRadius = 1.5, scoreThresh = 0.2 } = options;
    const { nmsThresh = 0.6, detectionsPerImg = 100, topkCandidates = 1000 } = options;
    const { anchorGenerator = new AnchorGenerator([[8], [16], [32], [64], [128]], [[1]]) } = options;
    checkSizes(caller, { numClasses, detectionsPerImg, topkCandidates });
    checkProbabilities(caller, { scoreThresh, nmsThresh });
    checkPositive(caller, { centerSamplingRadius });
    const perPosition = anchorGenerator.numAnchorsPerLocation();
    if (perPosition.some((count) => count !== 1))
      throw new OptionError(
        caller,
        "anchorGenerator",
        `of ${perPosition.join(", ")} anchors`,
        "one per position",
      );
    const channels = backboneChannels(caller, backbone);
    const transform = new GeneralizedRCNNTransform(minSize, maxSize, { ...options.transform, rng });
    const { head = new FCOSHead(channels, 1, numClasses, { rng }) } = options;
    super({ transform, backbone, anchorGenerator, head, numClasses });
    this.centerSamplingRadius = centerSamplingRadius;
    this.scoreThresh = scoreThresh;
    this.nmsThresh = nmsThresh;
    this.detectionsPerImg = detectionsPerImg;
    this.topkCandidates = topkCandidates;
  }

  protected found(
    { clsLogits, bboxRegression, bboxCtrness }: HostOutputs<FCOSOutputs>,
    anchors: readonly BoxArray[],
    imageSize: Size2d,
  ): Detections {
    let from = 0;
    const levels = anchors.map((own) => {
      const [first, count] = [from, own.data.length / 4];
      from += count;
      const logits = clsLogits.subarray(first * this.numClasses, (first + count) * this.numClasses);
      const central = bboxCtrness.subarray(first, first + count).map(sigmoid32);
      const codes = boxArray(bboxRegression.subarray(first * 4, (first + count) * 4));
      const scores = logits.map((logit, i) =>
        Math.sqrt(fround(sigmoid32(logit) * (central[Math.floor(i / this.numClasses)] ?? NaN))),
      );
      return {
        scores,
        boxesOf: (indices: Int32Array): BoxArray =>
          this.boxCoder.decode(takeBoxes(codes, indices), takeBoxes(own, indices)),
      };
    });
    return bestOfLevels(levels, imageSize, this);
  }

  protected candidates(
    { clsLogits, bboxRegression, bboxCtrness }: FCOSOutputs,
    anchors: readonly BoxArray[],
    imageSize: Size2d,
  ): GraphDetections {
    const boxes = decodeLinear(rowOf(bboxRegression, 0), concatBoxes(anchors));
    const central = sigmoid(rowOf(bboxCtrness, 0)); // [position, 1]
    const scores: Tensor2D = sqrt(mul(sigmoid(rowOf(clsLogits, 0)), central)); // [position, class]
    return candidatesOfLevels(clipInGraph(boxes, imageSize), scores, anchors, this.topkCandidates);
  }

  protected lossesOf(
    { clsLogits, bboxRegression, bboxCtrness }: FCOSOutputs,
    anchors: readonly BoxArray[],
    targets: readonly HostTarget[],
  ): Readonly<Record<string, Scalar>> {
    const all = concatBoxes(anchors);
    const count = all.data.length / 4;
    const matches = targets.map(({ boxes }) => fcosMatch(boxes, anchors, this.centerSamplingRadius));
    const classes = matches.flatMap((own, image) =>
      Array.from(own, (object) =>
        object >= 0 ? ((targets[image] as HostTarget).labels[object] ?? NaN) : -1,
      ),
    );
    const positive = [...classes.keys()].filter((i) => (classes[i] ?? NaN) >= 0);
    const logits = reshape<Rank.R2>(clsLogits, [classes.length, this.numClasses]); // [batch · position, class]
    const each = Math.max(1, positive.length);
    const focal = sum<Scalar>(focalLoss(logits, classTargets(classes, this.numClasses)));
    const classification: Scalar = div(focal, each);
    if (positive.length === 0)
      return { classification, bboxRegression: zeroOf(bboxRegression), bboxCtrness: zeroOf(bboxCtrness) };
    const own = takeBoxes(
      all,
      positive.map((i) => i % count),
    );
    const matched = concatBoxes(
      positive.map((i) => {
        const image = Math.floor(i / count);
        const object = (matches[image] as Int32Array)[i % count] ?? NaN;
        return takeBoxes((targets[image] as HostTarget).boxes, [object]);
      }),
    );
    const codes = rowsAt(reshape<Rank.R2>(bboxRegression, [classes.length, 4]), positive); //   [positive, 4]
    const predicted = decodeLinear(codes, own);
    const giou = generalizedBoxIouLoss(xyxy(predicted), xyxy(matched), { reduction: "sum" });
    const central = rowsAt(reshape<Rank.R2>(bboxCtrness, [classes.length, 1]), positive); //    [positive, 1]
    const wanted = tensor2d(centerness(this.boxCoder.encode(own, matched)), [positive.length, 1]);
    const binary = binaryCrossEntropyWithLogits(central, wanted, { reduction: "sum" });
    return {
      classification,
      bboxRegression: div(giou as Scalar, each),
      bboxCtrness: div(binary as Scalar, each),
    };
  }
}

/** `√(min(l, r) / max(l, r) · min(t, b) / max(t, b))` of the distances of each position to the edges of its object. */
function centerness({ data }: BoxArray): Float32Array {
  return Float32Array.from({ length: data.length / 4 }, (_, i) => {
    const [left = 0, top = 0, right = 0, bottom = 0] = data.subarray(4 * i, 4 * i + 4);
    const across = fround(Math.min(left, right) / Math.max(left, right));
    const down = fround(Math.min(top, bottom) / Math.max(top, bottom));
    return Math.sqrt(fround(across * down));
  });
}

/** The boxes of distances from the centers of anchors, by their sizes, with a gradient: `[box, 4]`. */
function decodeLinear(codes: Tensor2D, { data }: BoxArray): Tensor2D {
  const rows = Array.from({ length: data.length / 4 }, (_, i) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = data.subarray(4 * i, 4 * i + 4);
    return [0.5 * (x1 + x2), 0.5 * (y1 + y2), x2 - x1, y2 - y1];
  });
  const anchors = tensor2d(rows);
  const columns = (x: Tensor2D, from: number): Tensor2D => slice(x, [0, from], [-1, 2]);
  const [center, size] = [columns(anchors, 0), columns(anchors, 2)];
  return concat<Tensor2D>(
    [sub(center, mul(columns(codes, 0), size)), add(center, mul(columns(codes, 2), size))],
    1,
  );
}
