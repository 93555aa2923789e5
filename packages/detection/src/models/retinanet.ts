import {
  type Backbone,
  checkChoice,
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkRng,
  checkSizes,
  focalLoss,
  l1Loss,
  type Layer,
  type Module,
  type Rng,
  type FeatureMaps,
} from "@pellucid/core-train";
import { addN, div, mul, type Scalar, sigmoid, sum, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import type { AnchorGenerator } from "../anchors/anchor-generator.ts";
import { type BoxArray, boxArray, concatBoxes, type Size2d, takeBoxes } from "../anchors/box-array.ts";
import { BoxCoder } from "../anchors/box-coder.ts";
import { iouMatrix } from "../anchors/iou-matrix.ts";
import { Matcher } from "../anchors/matcher.ts";
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
import { decodeBoxes } from "./decode-boxes.ts";
import type { Detections } from "./detections.ts";
import type { GraphDetections } from "./graph-detections.ts";
import { type HostOutputs, OneStageDetector } from "./one-stage-detector.ts";
import type { HostTarget } from "./read-targets.ts";
import { retinaNetAnchors } from "./retinanet-anchors.ts";
import { RetinaNetHead, type RetinaNetOutputs } from "./retinanet-head.ts";
import { rowOf } from "./row-of.ts";

/** Options for {@link RetinaNet}. */
export interface RetinaNetOptions {
  /** Random generator for initialization, and the choice of a size in training. */
  readonly rng: Rng;
  /** The length to which the shorter side of images is resized. Default: 800. */
  readonly minSize?: number | readonly number[];
  /** The length of the longer side at most. Default: 1333. */
  readonly maxSize?: number;
  /** How images are normalized and padded. */
  readonly transform?: Omit<GeneralizedRCNNTransformOptions, "rng">;
  /** Default: {@link retinaNetAnchors}. */
  readonly anchorGenerator?: AnchorGenerator;
  /** Default: {@link RetinaNetHead}. */
  readonly head?: Module & Layer<FeatureMaps, RetinaNetOutputs>;
  /** The loss of boxes: the absolute error of codes, or `1 − GIoU`, as torchvision's version 2. Default: `"l1"`. */
  readonly boxLoss?: "l1" | "giou";
  /** The score above which an anchor and class is a candidate. Default: 0.05. */
  readonly scoreThresh?: number;
  /** The IoU above which the lower score of two of a class goes. Default: 0.5. */
  readonly nmsThresh?: number;
  /** How many detections of an image are kept. Default: 300. */
  readonly detectionsPerImg?: number;
  /** The IoU with an object from which on an anchor is one. Default: 0.5. */
  readonly fgIouThresh?: number;
  /** The IoU with every object below which an anchor is background. Default: 0.4. */
  readonly bgIouThresh?: number;
  /** How many candidates of each map are suppressed. Default: 1000. */
  readonly topkCandidates?: number;
}

/**
 * RetinaNet on any backbone, torchvision's `RetinaNet`, with its names, initial weights, losses and boxes. The focal loss keeps the many easy anchors of the background from outweighing the few
 * of objects.
 *
 * Lin et al., 2017. Focal loss for dense object detection. https://arxiv.org/abs/1708.02002
 */
export class RetinaNet extends OneStageDetector<RetinaNetOutputs> {
  readonly boxCoder = new BoxCoder();
  readonly proposalMatcher: Matcher;
  readonly boxLoss: "l1" | "giou";
  readonly scoreThresh: number;
  readonly nmsThresh: number;
  readonly detectionsPerImg: number;
  readonly topkCandidates: number;
  protected readonly firstClass = 0;

  /** @param numClasses as of torchvision's weights: including the background, whose class is not used */
  constructor(backbone: Module & Backbone, numClasses: number, options: RetinaNetOptions) {
    const caller = "RetinaNet";
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "minSize",
      "maxSize",
      "transform",
      "anchorGenerator",
      "head",
      "boxLoss",
      "scoreThresh",
      "nmsThresh",
      "detectionsPerImg",
      "fgIouThresh",
      "bgIouThresh",
      "topkCandidates",
    ]);
    const {
      rng,
      minSize = 800,
      maxSize = 1333,
      anchorGenerator = retinaNetAnchors(),
      boxLoss = "l1",
    } = options;
    const { scoreThresh = 0.05, nmsThresh = 0.5, detectionsPerImg = 300, topkCandidates = 1000 } = options;
    const { fgIouThresh = 0.5, bgIouThresh = 0.4 } = options;
    checkSizes(caller, { numClasses, detectionsPerImg, topkCandidates });
    checkProbabilities(caller, { scoreThresh, nmsThresh, fgIouThresh, bgIouThresh });
    checkChoice(caller, "boxLoss", boxLoss, ["l1", "giou"]);
    const channels = backboneChannels(caller, backbone);
    const [numAnchors = 0] = anchorGenerator.numAnchorsPerLocation();
    checkPositive(caller, { numAnchors });
    const proposalMatcher = new Matcher(fgIouThresh, bgIouThresh, { allowLowQualityMatches: true });
    const transform = new GeneralizedRCNNTransform(minSize, maxSize, { ...options.transform, rng });
    const { head = new RetinaNetHead(channels, numAnchors, numClasses, { rng }) } = options;
    super({ transform, backbone, anchorGenerator, head, numClasses });
    this.proposalMatcher = proposalMatcher;
    this.boxLoss = boxLoss;
    this.scoreThresh = scoreThresh;
    this.nmsThresh = nmsThresh;
    this.detectionsPerImg = detectionsPerImg;
    this.topkCandidates = topkCandidates;
  }

  protected found(
    { clsLogits, bboxRegression }: HostOutputs<RetinaNetOutputs>,
    anchors: readonly BoxArray[],
    imageSize: Size2d,
  ): Detections {
    let from = 0;
    const levels = anchors.map((own) => {
      const [first, count] = [from, own.data.length / 4];
      from += count;
      const logits = clsLogits.subarray(first * this.numClasses, (first + count) * this.numClasses);
      const codes = boxArray(bboxRegression.subarray(first * 4, (first + count) * 4));
      return {
        scores: logits.map(sigmoid32),
        boxesOf: (indices: Int32Array): BoxArray =>
          boxArray(this.boxCoder.decode(takeBoxes(codes, indices), takeBoxes(own, indices)).data),
      };
    });
    return bestOfLevels(levels, imageSize, this);
  }

  protected candidates(
    { clsLogits, bboxRegression }: RetinaNetOutputs,
    anchors: readonly BoxArray[],
    imageSize: Size2d,
  ): GraphDetections {
    const boxes = decodeBoxes(rowOf(bboxRegression, 0), concatBoxes(anchors), this.boxCoder);
    const scores = sigmoid(rowOf(clsLogits, 0)); // [anchor, class]
    return candidatesOfLevels(clipInGraph(boxes, imageSize), scores, anchors, this.topkCandidates);
  }

  protected lossesOf(
    { clsLogits, bboxRegression }: RetinaNetOutputs,
    anchors: readonly BoxArray[],
    targets: readonly HostTarget[],
  ): Readonly<Record<string, Scalar>> {
    const all = concatBoxes(anchors);
    const count = all.data.length / 4;
    const images = targets.map((target, image) => {
      const matches =
        target.boxes.data.length === 0
          ? new Int32Array(count).fill(Matcher.BELOW_LOW_THRESHOLD)
          : this.proposalMatcher.match(iouMatrix(target.boxes, all));
      return {
        classification: classLoss(rowOf(clsLogits, image), matches, target.labels, this.numClasses),
        bboxRegression: this.#boxLossOf(rowOf(bboxRegression, image), matches, target.boxes, all),
      };
    });
    const mean = (losses: readonly Scalar[]): Scalar => div(addN([...losses]), targets.length);
    return {
      classification: mean(images.map(({ classification }) => classification)),
      bboxRegression: mean(images.map((image) => image.bboxRegression)),
    };
  }

  #boxLossOf(codes: Tensor2D, matches: Int32Array, boxes: BoxArray, anchors: BoxArray): Scalar {
    const positive = [...matches.keys()].filter((i) => (matches[i] ?? NaN) >= 0);
    if (positive.length === 0) return zeroOf(codes);
    const own = takeBoxes(anchors, positive);
    const matched = takeBoxes(
      boxes,
      positive.map((i) => matches[i] ?? NaN),
    );
    const predicted = rowsAt(codes, positive); // [positive, 4]
    const shape: [number, number] = [positive.length, 4];
    const loss =
      this.boxLoss === "giou"
        ? generalizedBoxIouLoss(xyxy(decodeBoxes(predicted, own, this.boxCoder)), xyxy(matched), {
            reduction: "sum",
          })
        : l1Loss(predicted, tensor2d(this.boxCoder.encode(matched, own).data, shape), { reduction: "sum" });
    return div(loss as Scalar, positive.length);
  }
}

/** The focal loss of the anchors of an image, but those that are neither of an object nor of the background, by the number of those of objects. */
function classLoss(logits: Tensor2D, matches: Int32Array, labels: Int32Array, numClasses: number): Scalar {
  const classes = matches.map((object) => (object >= 0 ? (labels[object] ?? NaN) : -1));
  const losses = focalLoss(logits, classTargets(classes, numClasses)); //   [anchor, class]
  const counts = matches.map((object) => (object === Matcher.BETWEEN_THRESHOLDS ? 0 : 1));
  const counted = tensor2d(Float32Array.from(counts), [counts.length, 1]); // [anchor, 1]
  const positive = matches.reduce((found, object) => found + (object >= 0 ? 1 : 0), 0);
  return div(sum(mul(losses, counted)), Math.max(1, positive));
}
