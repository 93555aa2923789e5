import {
  binaryCrossEntropyWithLogits,
  checkNotNegative,
  checkOptions,
  checkRecord,
  checkShape,
  detach,
  maximum,
  sizeAlong,
} from "@pellucid/core-train";
import {
  add,
  concat,
  div,
  expandDims,
  mul,
  reshape,
  sigmoid,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  where,
  cast,
  broadcastTo,
  tensor3d,
} from "@tensorflow/tfjs-core";
import type { Xyxy } from "../boxes/boxes.ts";
import { completeBoxIouLoss } from "../loss/complete-box-iou-loss.ts";
import { distributionFocalLoss } from "../loss/distribution-focal-loss.ts";
import { assignByTask, type AssignByTaskOptions, type ObjectRows } from "./assign-by-task.ts";
import { type AnchorFreeOutput, boxesOfDistances } from "./anchor-free-output.ts";

/** Options for {@link anchorFreeLoss}. */
export interface AnchorFreeLossOptions extends AssignByTaskOptions {
  /** How much the classes count. Default: 1. */
  readonly classWeight?: number;
  /** How much CIoU counts. Default: 2.5. */
  readonly boxWeight?: number;
  /** How much the distributions of the distances count. Default: 0.5. */
  readonly distributionWeight?: number;
}

/**
 * The loss of an anchor-free detector: anchors are assigned by {@link assignByTask}; the cross-entropy of each score with the alignment, and CIoU and the distribution focal loss of the assigned
 * anchors, weighted by it; all divided by the sum of alignments, at least 1.
 * Feng et al., 2021. https://arxiv.org/abs/2108.07755, with the weights of Xu et al., 2022, section 2.3. https://arxiv.org/abs/2203.16250
 *
 * @param output of `AnchorFreeDetector`
 * @throws {StructError} for what is not a record of tensors
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} for a wrong option
 */
export function anchorFreeLoss(
  output: AnchorFreeOutput,
  objects: ObjectRows,
  options: AnchorFreeLossOptions = {},
): Tensor {
  checkOptions("anchorFreeLoss", options, [
    "most",
    "alpha",
    "beta",
    "classWeight",
    "boxWeight",
    "distributionWeight",
  ]);
  const { classWeight = 1, boxWeight = 2.5, distributionWeight = 0.5, ...assigning } = options;
  checkNotNegative("anchorFreeLoss", { classWeight, boxWeight, distributionWeight });
  checkRecord("anchorFreeLoss", "output", output, ["logits", "distances", "points"]);
  const { logits, distances, points } = output;
  checkShape("anchorFreeLoss", "logits", logits, ["batch", "anchor", "class"]);
  return tidy(() => {
    const [batch, anchors] = logits.shape;
    const boxes = boxesOfDistances(output); // [batch, anchor, 4]
    const predictions = { boxes: detach(boxes), scores: sigmoid(detach(logits)), points };
    const target = assignByTask(predictions, objects, assigning);
    const total = maximum(sum(target.scores), 1);
    const named = sum(binaryCrossEntropyWithLogits(logits, target.scores, { reduction: "none" }));
    const weight = reshape(sum(target.scores, 2), [-1]) as Tensor1D; // [batch * anchor]
    const has = broadcastTo(cast(expandDims(target.assigned, 2), "bool"), [batch, anchors, 4]);
    const wanted = where(
      has,
      target.boxes,
      broadcastTo(tensor3d([0, 0, 1, 1], [1, 1, 4]), [batch, anchors, 4]),
    ) as Tensor3D;
    const flat = (x: Tensor3D) => reshape(x, [-1, 4]) as Xyxy;
    const box = sum(mul(completeBoxIouLoss(flat(boxes), flat(wanted)), weight));
    const bins = sizeAlong(distances, 2) / 4;
    const sides = distributionFocalLoss(
      reshape(distances, [-1, bins]) as Tensor2D,
      reshape(distancesOfBoxes(wanted, points), [-1]) as Tensor1D,
    ); // [batch * anchor * 4]
    const spread = sum(mul(sum(reshape(sides, [-1, 4]), 1), mul(weight, 0.25)));
    const parts = add(add(mul(named, classWeight), mul(box, boxWeight)), mul(spread, distributionWeight));
    return div(parts, total);
  });
}

/** The distances of a point from the edges of a box, in units of its stride. */
function distancesOfBoxes(boxes: Tensor3D, points: Tensor2D): Tensor3D {
  const [batch, anchors] = boxes.shape;
  const at = expandDims(slice(points, [0, 0], [-1, 2]), 0); // [1, anchor, 2]
  const stride = expandDims(slice(points, [0, 2], [-1, 1]), 0); // [1, anchor, 1]
  const before = sub(at, slice(boxes, [0, 0, 0], [batch, anchors, 2]));
  const after = sub(slice(boxes, [0, 0, 2], [batch, anchors, 2]), at);
  return div(concat([before, after] as Tensor3D[], 2), stride); // [batch, anchor, 4]
}
