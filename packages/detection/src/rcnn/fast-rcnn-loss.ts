import { checkArguments, checkShape, crossEntropy, smoothL1Loss } from "@pellucid/core-train";
import { div, reshape, type Scalar, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { type BoxArray, checkBoxArray } from "../anchors/box-array.ts";
import { rowsAt } from "../rpn/rows-at.ts";
import { zeroOf } from "../rpn/zero-of.ts";
import type { RegionPredictions } from "./fast-rcnn-predictor.ts";

/** The two losses of predictions of regions. */
export type FastRcnnLosses = {
  readonly lossClassifier: Scalar;
  readonly lossBoxReg: Scalar;
};

/**
 * The losses of sampled regions, torchvision's `fastrcnn_loss`: the cross-entropy of classes, and the smooth L1 loss (β = 1/9) of the code of the right class's box of regions with an object,
 * divided by *all* regions. To be called in a `tidy`.
 *
 * Girshick, 2015. Fast R-CNN, eq. 1. https://arxiv.org/abs/1504.08083
 *
 * @param labels of the regions; 0 is the background
 * @param codes to be predicted of the regions
 * @throws {StructError} for what is not predictions, numbers and boxes
 * @throws {ShapeError} unless there is a row, a label and a code for each region
 */
export function fastRcnnLoss(
  predictions: RegionPredictions,
  labels: Int32Array,
  codes: BoxArray,
): FastRcnnLosses {
  checkArguments("fastRcnnLoss", { "{ classLogits, boxRegression }": { predictions }, numbers: { labels } });
  const { classLogits, boxRegression } = predictions;
  checkShape("fastRcnnLoss", "classLogits", classLogits, [labels.length, "class"]);
  checkShape("fastRcnnLoss", "boxRegression", boxRegression, [labels.length, "4 · class"]);
  checkBoxArray("fastRcnnLoss", "codes", codes, labels.length);
  if (labels.length === 0) return { lossClassifier: zeroOf(classLogits), lossBoxReg: zeroOf(boxRegression) };
  const [, classes] = classLogits.shape;
  const lossClassifier = crossEntropy(classLogits, tensor1d(labels, "int32")) as Scalar;
  const positive = [...labels.keys()].filter((i) => (labels[i] ?? NaN) > 0);
  if (positive.length === 0) return { lossClassifier, lossBoxReg: zeroOf(boxRegression) };
  const rows = positive.map((i) => i * classes + (labels[i] ?? NaN));
  const predicted = rowsAt(reshape(boxRegression, [labels.length * classes, 4]), rows); // [positive, 4]
  const targets = positive.flatMap((i) => [...codes.data.subarray(4 * i, 4 * i + 4)]);
  const error = smoothL1Loss(predicted, tensor2d(targets, [positive.length, 4]), {
    beta: 1 / 9,
    reduction: "sum",
  });
  return { lossClassifier, lossBoxReg: div(error, labels.length) };
}
