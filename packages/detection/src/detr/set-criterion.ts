import {
  checkArguments,
  checkNotNegative,
  checkOptions,
  checkShape,
  crossEntropy,
  l1Loss,
  OptionError,
  ShapeError,
} from "@pellucid/core-train";
import {
  div,
  type Rank,
  reshape,
  type Scalar,
  tensor1d,
  tensor2d,
  type Tensor2D,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { boxConvert } from "../boxes/box-convert.ts";
import { cxcywh } from "../boxes/box-format.ts";
import { generalizedBoxIouLoss } from "../loss/generalized-box-iou-loss.ts";
import { rowsAt } from "../rpn/rows-at.ts";
import { zeroOf } from "../rpn/zero-of.ts";
import { assign } from "./assign.ts";
import { setCosts, type SetCostsOptions, type SetTarget } from "./set-costs.ts";

/** What queries predict of a batch of pictures. */
export type SetOutputs = {
  /** `[batch, query, class]` logits, with the one for no object last. */
  readonly logits: Tensor3D;
  /** `[batch, query, 4]`: `x, y, width, height` with the center, as fractions of the picture. */
  readonly predBoxes: Tensor3D;
};

/** The losses of a set of predictions, before they are weighted. */
export type SetLosses = {
  readonly lossCe: Scalar;
  readonly lossBbox: Scalar;
  readonly lossGiou: Scalar;
};

/** Options for {@link setCriterion}. */
export interface SetCriterionOptions extends SetCostsOptions {
  /** How much a query without an object counts for the class. Default: 0.1. */
  readonly eosCoef?: number;
}

/**
 * The losses of predictions as a set, DETR's: each object is assigned the query of the least cost; the others are to predict no object. The cross-entropy of classes is divided by the sum of its
 * weights, the absolute error and `1 − GIoU` of boxes by the number of objects. It reads the predictions back. To be called in a `tidy`.
 *
 * Carion et al., 2020. DETR, eq. 1 and 2. https://arxiv.org/abs/2005.12872
 *
 * @param targets one per picture
 * @throws {StructError} for what is not a record of tensors, or not an array of objects
 * @throws {ShapeError} for another number of targets than pictures
 * @throws {OptionError} for more objects than queries
 */
export function setCriterion(
  outputs: SetOutputs,
  targets: readonly SetTarget[],
  options: SetCriterionOptions = {},
): SetLosses {
  checkArguments("setCriterion", {
    "{ logits, predBoxes }": { outputs },
    "{ boxes, labels }[]": { targets },
  });
  const { logits, predBoxes } = outputs;
  checkOptions("setCriterion", options, ["classCost", "bboxCost", "giouCost", "eosCoef"]);
  const { eosCoef = 0.1, ...costs } = options;
  checkNotNegative("setCriterion", { eosCoef });
  checkShape("setCriterion", "logits", logits, ["batch", "query", "class"]);
  const [batch, queries, classes] = logits.shape;
  checkShape("setCriterion", "predBoxes", predBoxes, [batch, queries, 4]);
  if (targets.length !== batch)
    throw new ShapeError(
      `setCriterion: there are ${targets.length} targets, expected ${batch}, one per picture.`,
    );
  const most = Math.max(0, ...targets.map(({ boxes }) => boxes.length));
  if (most > queries)
    throw new OptionError(
      "setCriterion",
      "a target",
      `of ${most} objects`,
      `${queries} at most, as many as queries`,
    );
  const [logitData, boxData] = [logits.dataSync(), predBoxes.dataSync()] as [Float32Array, Float32Array];
  const pairs = targets.flatMap((target, image) => {
    const predictions = {
      logits: logitData.subarray(image * queries * classes, (image + 1) * queries * classes),
      boxes: boxData.subarray(image * queries * 4, (image + 1) * queries * 4),
    };
    return assign(setCosts(predictions, target, costs)).map(([query, object]) => ({
      row: image * queries + query,
      label: target.labels[object] ?? NaN,
      box: target.boxes[object] as readonly number[],
    }));
  });
  const labels = new Int32Array(batch * queries).fill(classes - 1);
  for (const { row, label } of pairs) labels[row] = label;
  const weight = tensor1d(Array.from({ length: classes }, (_, k) => (k === classes - 1 ? eosCoef : 1)));
  const flat = reshape<Rank.R2>(logits, [batch * queries, classes]);
  const lossCe = crossEntropy(flat, tensor1d(labels, "int32"), { weight }) as Scalar;
  if (pairs.length === 0) return { lossCe, lossBbox: zeroOf(predBoxes), lossGiou: zeroOf(predBoxes) };
  const found: Tensor2D = rowsAt(
    reshape<Rank.R2>(predBoxes, [batch * queries, 4]),
    pairs.map(({ row }) => row),
  ); //                                                                              [object, 4]
  const wanted = tensor2d(pairs.map(({ box }) => [...box]));
  const lossBbox = l1Loss(found, wanted, { reduction: "sum" }) as Scalar;
  const lossGiou = generalizedBoxIouLoss(
    boxConvert(cxcywh(found, "unit"), "cxcywh", "xyxy"),
    boxConvert(cxcywh(wanted, "unit"), "cxcywh", "xyxy"),
    { reduction: "sum", eps: 0 },
  ) as Scalar;
  return { lossCe, lossBbox: div(lossBbox, pairs.length), lossGiou: div(lossGiou, pairs.length) };
}
