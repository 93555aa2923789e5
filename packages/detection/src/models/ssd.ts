import {
  type Backbone,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkSizes,
  crossEntropy,
  embedding,
  type FeatureMaps,
  type Layer,
  type Module,
  noGrad,
  OptionError,
  type Rng,
  smoothL1Loss,
  softmax,
  topk,
} from "@pellucid/core-train";
import {
  add,
  addN,
  div,
  gather,
  mul,
  type Rank,
  reshape,
  type Scalar,
  slice,
  sub,
  sum,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tensor2d,
  topk as largest,
  transpose,
} from "@tensorflow/tfjs-core";
import { type BoxArray, boxArray, concatBoxes, type Size2d, takeBoxes } from "../anchors/box-array.ts";
import { BoxCoder } from "../anchors/box-coder.ts";
import { clipArray } from "../anchors/clip-array.ts";
import type { DefaultBoxGenerator } from "../anchors/default-box-generator.ts";
import { iouMatrix } from "../anchors/iou-matrix.ts";
import { SSDMatcher } from "../anchors/ssd-matcher.ts";
import {
  GeneralizedRCNNTransform,
  type GeneralizedRCNNTransformOptions,
} from "../rcnn/generalized-rcnn-transform.ts";
import { largestFirst } from "../rpn/largest-first.ts";
import { rowsAt } from "../rpn/rows-at.ts";
import { zeroOf } from "../rpn/zero-of.ts";
import { clipInGraph } from "./clip-in-graph.ts";
import { decodeBoxes } from "./decode-boxes.ts";
import type { Detections } from "./detections.ts";
import type { GraphDetections } from "./graph-detections.ts";
import { keepBest } from "./keep-best.ts";
import { type HostOutputs, OneStageDetector } from "./one-stage-detector.ts";
import type { HostTarget } from "./read-targets.ts";
import { rowOf } from "./row-of.ts";
import { softmaxRows } from "./softmax-rows.ts";
import { SSDHead, type SSDOutputs } from "./ssd-head.ts";

/** Options for {@link SSD}. */
export interface SSDOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How images are normalized. */
  readonly transform?: Omit<GeneralizedRCNNTransformOptions, "rng" | "fixedSize" | "sizeDivisible">;
  /** Default: {@link SSDHead}. */
  readonly head?: Module & Layer<FeatureMaps, SSDOutputs>;
  /** The probability above which a box and class is a candidate. Default: 0.01. */
  readonly scoreThresh?: number;
  /** The IoU above which the lower score of two of a class goes. Default: 0.45. */
  readonly nmsThresh?: number;
  /** How many detections of an image are kept. Default: 200. */
  readonly detectionsPerImg?: number;
  /** The IoU with an object from which on a default box is one. Default: 0.5. */
  readonly iouThresh?: number;
  /** How many candidates of each class are suppressed. Default: 400. */
  readonly topkCandidates?: number;
  /** The fraction of objects among the boxes that count in training; the rest are the worst of the background. Default: 0.25. */
  readonly positiveFraction?: number;
}

/**
 * SSD on any backbone, torchvision's `SSD`, with its names, initial weights, losses and boxes. All images are resized to one size.
 *
 * Liu et al., 2016. SSD: single shot multibox detector. https://arxiv.org/abs/1512.02325
 */
export class SSD extends OneStageDetector<SSDOutputs> {
  readonly boxCoder = new BoxCoder([10, 10, 5, 5]);
  readonly proposalMatcher: SSDMatcher;
  readonly scoreThresh: number;
  readonly nmsThresh: number;
  readonly detectionsPerImg: number;
  readonly topkCandidates: number;
  readonly negToPosRatio: number;
  protected readonly firstClass = 1;

  /**
   * @param size of images
   * @param numClasses including the background, which is class 0
   */
  constructor(
    backbone: Module & Backbone,
    anchorGenerator: DefaultBoxGenerator,
    size: readonly [width: number, height: number],
    numClasses: number,
    options: SSDOptions,
  ) {
    const caller = "SSD";
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "transform",
      "head",
      "scoreThresh",
      "nmsThresh",
      "detectionsPerImg",
      "iouThresh",
      "topkCandidates",
      "positiveFraction",
    ]);
    const { rng, scoreThresh = 0.01, nmsThresh = 0.45, detectionsPerImg = 200, iouThresh = 0.5 } = options;
    const { topkCandidates = 400, positiveFraction = 0.25 } = options;
    checkSizes(caller, { numClasses, detectionsPerImg, topkCandidates });
    checkProbabilities(caller, { scoreThresh, nmsThresh, iouThresh, positiveFraction });
    if (positiveFraction === 0) throw new OptionError(caller, "positiveFraction", 0, "a number above 0");
    const perPosition = anchorGenerator.numAnchorsPerLocation();
    const channels = backbone.maps.map((map) => map.channels);
    if (channels.length !== perPosition.length)
      throw new OptionError(
        caller,
        "anchorGenerator",
        `of ${perPosition.length} maps`,
        `one of ${channels.length}, as the backbone has`,
      );
    const transform = new GeneralizedRCNNTransform(Math.min(...size), Math.max(...size), {
      ...options.transform,
      rng,
      sizeDivisible: 1,
      fixedSize: size,
    });
    const { head = new SSDHead(channels, perPosition, numClasses, { rng }) } = options;
    super({ transform, backbone, anchorGenerator, head, numClasses });
    this.proposalMatcher = new SSDMatcher(iouThresh);
    this.scoreThresh = scoreThresh;
    this.nmsThresh = nmsThresh;
    this.detectionsPerImg = detectionsPerImg;
    this.topkCandidates = topkCandidates;
    this.negToPosRatio = (1 - positiveFraction) / positiveFraction;
  }

  protected found(
    { clsLogits, bboxRegression }: HostOutputs<SSDOutputs>,
    anchors: readonly BoxArray[],
    imageSize: Size2d,
  ): Detections {
    const all = concatBoxes(anchors);
    const scores = softmaxRows(clsLogits, this.numClasses);
    const decoded = this.boxCoder.decode(boxArray(bboxRegression), all);
    const boxes = clipArray(boxArray(decoded.data), imageSize);
    const threshold = Math.fround(this.scoreThresh);
    const candidates = Array.from({ length: this.numClasses - 1 }, (_, k) => {
      const own = Float32Array.from(
        { length: all.data.length / 4 },
        (_box, i) => scores[i * this.numClasses + k + 1] ?? NaN,
      );
      const above = own.map((score) => (score > threshold ? score : -1));
      const best = largestFirst(above, this.topkCandidates).filter((i) => (above[i] ?? NaN) > threshold);
      return Array.from(best, (box) => ({ box, label: k + 1, score: own[box] ?? NaN }));
    }).flat();
    return keepBest(
      takeBoxes(
        boxes,
        candidates.map(({ box }) => box),
      ),
      Float32Array.from(candidates, ({ score }) => score),
      Int32Array.from(candidates, ({ label }) => label),
      this,
    );
  }

  protected candidates(
    { clsLogits, bboxRegression }: SSDOutputs,
    anchors: readonly BoxArray[],
    imageSize: Size2d,
  ): GraphDetections {
    const decoded = decodeBoxes(rowOf(bboxRegression, 0), concatBoxes(anchors), this.boxCoder);
    const probabilities = softmax(rowOf(clsLogits, 0)); // [box, class]
    const ofObjects = slice(probabilities, [0, 1], [-1, this.numClasses - 1]);
    const most = Math.min(this.topkCandidates, decoded.shape[0]);
    const { values, indices } = largest(transpose(ofObjects), most); // [class, candidate] each
    const labels = Int32Array.from({ length: values.size }, (_, i) => 1 + Math.floor(i / most));
    return {
      boxes: gather(clipInGraph(decoded, imageSize), reshape<Rank.R1>(indices, [-1])),
      scores: reshape<Rank.R1>(values, [-1]),
      labels: tensor1d(labels, "int32"),
    };
  }

  protected lossesOf(
    { clsLogits, bboxRegression }: SSDOutputs,
    anchors: readonly BoxArray[],
    targets: readonly HostTarget[],
  ): Readonly<Record<string, Scalar>> {
    const all = concatBoxes(anchors);
    const count = all.data.length / 4;
    const matches = targets.map(({ boxes }) =>
      boxes.data.length === 0
        ? new Int32Array(count).fill(-1)
        : this.proposalMatcher.match(iouMatrix(boxes, all)),
    );
    const classes = matches.flatMap((own, image) =>
      Array.from(own, (object) => (object >= 0 ? ((targets[image] as HostTarget).labels[object] ?? NaN) : 0)),
    );
    const positive = [...classes.keys()].filter((i) => (classes[i] ?? NaN) > 0);
    const each = Math.max(1, positive.length);
    const logits = reshape<Rank.R2>(clsLogits, [classes.length, this.numClasses]);
    const labels = tensor1d(Int32Array.from(classes), "int32");
    const losses = crossEntropy(logits, labels, { reduction: "none" }); // [batch · box]
    const mined = addN(
      matches.map((own, image) => {
        const isObject = own.map((object) => (object >= 0 ? 1 : 0));
        return this.#hardest(slice(losses as Tensor1D, image * count, count), isObject);
      }),
    );
    return {
      bboxRegression: div(this.#boxLoss(bboxRegression, matches, targets, all), each),
      classification: div(mined, each),
    };
  }

  /** The losses of an image's boxes of objects, and of a multiple of the worst of the background. */
  #hardest(losses: Tensor1D, isObject: Int32Array): Scalar {
    const positive = isObject.reduce((found, one) => found + one, 0);
    const ofObjects = sum<Scalar>(mul(losses, tensor1d(Float32Array.from(isObject))));
    const wanted = Math.min(Math.ceil(this.negToPosRatio * positive), isObject.length);
    if (wanted === 0) return ofObjects;
    const worst = noGrad(() => {
      const last = tensor1d(Float32Array.from(isObject, (one) => one * 1e30));
      return topk<Tensor1D>(sub(losses, last), wanted).indices;
    });
    const background = embedding(worst, reshape<Rank.R2>(losses, [losses.size, 1])); // [wanted, 1]
    return add(ofObjects, sum<Scalar>(background));
  }

  #boxLoss(
    bboxRegression: SSDOutputs["bboxRegression"],
    matches: readonly Int32Array[],
    targets: readonly HostTarget[],
    all: BoxArray,
  ): Scalar {
    const count = all.data.length / 4;
    const positive = matches.flatMap((own, image) =>
      [...own.keys()].filter((i) => (own[i] ?? NaN) >= 0).map((i) => ({ image, i, object: own[i] ?? NaN })),
    );
    if (positive.length === 0) return zeroOf(bboxRegression);
    const matched = concatBoxes(
      positive.map(({ image, object }) => takeBoxes((targets[image] as HostTarget).boxes, [object])),
    );
    const codes = this.boxCoder.encode(
      matched,
      takeBoxes(
        all,
        positive.map(({ i }) => i),
      ),
    );
    const predicted: Tensor2D = rowsAt(
      reshape<Rank.R2>(bboxRegression, [-1, 4]),
      positive.map(({ image, i }) => image * count + i),
    );
    return smoothL1Loss(predicted, tensor2d(codes.data, [positive.length, 4]), {
      reduction: "sum",
    }) as Scalar;
  }
}
