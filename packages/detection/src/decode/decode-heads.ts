import { checkShape, checkSizes, tidyLeaves } from "@pellucid/core-train";
import { add, concat, exp, mul, slice, sub, type Tensor3D, tensor3d, transpose } from "@tensorflow/tfjs-core";
import type { Decoded } from "./decoded.ts";
import { gridCenters } from "./grid-centers.ts";

/**
 * Decodes the head that YOLO v8 and its successors are exported with: rows `x, y, width, height` with the center, in pixels of the input, then one score for each class, and no objectness.
 *
 * @param output `[batch, 4 + class, anchor]`, such as `[1, 84, 8400]`
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} for one of another number of axes
 * @throws {OptionError} without a class
 */
export function decodeAnchorFreeExport(output: Tensor3D): Decoded {
  checkShape("decodeAnchorFreeExport", "output", output, ["batch", "4 + class", "anchor"]);
  const [batch, rows, anchors] = output.shape;
  checkSizes("decodeAnchorFreeExport", { classes: rows - 4 });
  return tidyLeaves(() => {
    const columns = transpose(output, [0, 2, 1]); // [batch, anchor, 4 + class]
    const scores = slice(columns, [0, 0, 4], [batch, anchors, rows - 4]);
    return { boxes: cornersOf(columns), scores };
  });
}

/**
 * Decodes the head that YOLO v5 and v7 are exported with: `x, y, width, height` with the center, in pixels of the input, the probability that there is an object, and that of each class, if
 * there is one. A score is their product.
 *
 * @param output `[batch, anchor, 5 + class]`, such as `[1, 25200, 85]`
 * @throws {StructError} for what is not a tensor
 * @throws {ShapeError} for one of another number of axes
 * @throws {OptionError} without a class
 */
export function decodeObjectnessExport(output: Tensor3D): Decoded {
  checkShape("decodeObjectnessExport", "output", output, ["batch", "anchor", "5 + class"]);
  checkSizes("decodeObjectnessExport", { classes: output.shape[2] - 5 });
  return tidyLeaves(() => ({ boxes: cornersOf(output), scores: jointScores(output) }));
}

/**
 * Decodes the head that YOLOX is exported with, which is still in units of its grid: the center from that of a cell, the logarithm of the size, both by the stride; then as
 * {@link decodeObjectnessExport}.
 *
 * @param output `[batch, anchor, 5 + class]`, such as `[1, 8400, 85]`
 * @param size of the input, height and width
 * @throws {StructError} for what is not a tensor, or strides that are not numbers
 * @throws {ShapeError} for other anchors than those of the size
 * @throws {OptionError} for a size that is not a height and a width, or without a class
 */
export function decodeYoloxExport(
  output: Tensor3D,
  size: readonly [height: number, width: number],
  strides: readonly number[] = [8, 16, 32],
): Decoded {
  const { corners, stride } = gridCenters(size, strides);
  checkShape("decodeYoloxExport", "output", output, ["batch", stride.length, "5 + class"]);
  checkSizes("decodeYoloxExport", { classes: output.shape[2] - 5 });
  return tidyLeaves(() => {
    const [batch, anchors] = output.shape;
    const steps = tensor3d(stride, [1, anchors, 1]);
    const cells = tensor3d(corners, [1, anchors, 2]);
    const centers = add<Tensor3D>(mul(slice(output, [0, 0, 0], [batch, anchors, 2]), steps), cells);
    const sizes = mul<Tensor3D>(exp(slice(output, [0, 0, 2], [batch, anchors, 2])), steps);
    return { boxes: cornersOf(concat([centers, sizes], 2)), scores: jointScores(output) };
  });
}

/** `x1, y1, x2, y2` of columns that begin with `x, y, width, height`. */
function cornersOf(columns: Tensor3D): Tensor3D {
  const [batch, anchors] = columns.shape;
  const centers = slice(columns, [0, 0, 0], [batch, anchors, 2]);
  const halves = mul(slice(columns, [0, 0, 2], [batch, anchors, 2]), 0.5);
  return concat([sub(centers, halves), add(centers, halves)] as Tensor3D[], 2); // [batch, anchor, 4]
}

function jointScores(columns: Tensor3D): Tensor3D {
  const [batch, anchors, all] = columns.shape;
  const objectness = slice(columns, [0, 0, 4], [batch, anchors, 1]);
  return mul(objectness, slice(columns, [0, 0, 5], [batch, anchors, all - 5])); // [batch, anchor, class]
}
