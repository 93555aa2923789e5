import {
  amax,
  checkArguments,
  checkOptions,
  checkPositive,
  checkShape,
  checkSizes,
  clamp,
  matMul,
  noGrad,
  oneHot,
  tidyLeaves,
  topk,
} from "@pellucid/core-train";
import {
  add,
  argMax,
  cast,
  div,
  expandDims,
  greater,
  greaterEqual,
  maximum,
  minimum,
  mul,
  pow,
  reshape,
  scalar,
  slice,
  split,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  transpose,
} from "@tensorflow/tfjs-core";

/** Options for {@link assignByTask}. */
export interface AssignByTaskOptions {
  /** How many anchors each object may have. Default: 13. */
  readonly most?: number;
  /** The power of the score in the alignment. Default: 1. */
  readonly alpha?: number;
  /** The power of the IoU in the alignment. Default: 6. */
  readonly beta?: number;
}

/** What a detector predicts of each anchor, and where the anchors are. */
export interface PointPredictions {
  /** `[batch, anchor, 4]`: `x1, y1, x2, y2` */
  readonly boxes: Tensor3D;
  /** `[batch, anchor, class]`: from 0 to 1 */
  readonly scores: Tensor3D;
  /** `[anchor, 3]`: `x`, `y` and the stride */
  readonly points: Tensor2D;
}

/** Objects in a fixed number of rows, see `padObjects`. */
export interface ObjectRows {
  /** `[batch, row, 4]`: `x1, y1, x2, y2` */
  readonly boxes: Tensor3D;
  /** `[batch, row]`: −1 where there is no object */
  readonly labels: Tensor2D;
}

/** What each anchor should predict. */
export interface Assignment {
  /** `[batch, anchor, class]`: the alignment of the anchor with its object, 0 for what it is not */
  readonly scores: Tensor3D;
  /** `[batch, anchor, 4]`: the box of its object, zeros where it has none */
  readonly boxes: Tensor3D;
  /** `[batch, anchor]`: 1 where it has an object */
  readonly assigned: Tensor2D;
}

/**
 * Task-aligned assignment: an object gets, of the anchors inside it, those whose predictions fit best, by `t = score^α IoU^β`; an anchor of several objects stays with that of the highest IoU. The score
 * it should have is `t`, scaled so that the best anchor of each object has the highest IoU of its anchors. No gradient flows through it.
 * Feng et al., 2021, section 3.2. https://arxiv.org/abs/2108.07755
 *
 * @throws {StructError} for what is not a record of tensors
 * @throws {ShapeError} if the shapes do not fit
 * @throws {OptionError} for a wrong option
 */
export function assignByTask(
  predictions: PointPredictions,
  objects: ObjectRows,
  options: AssignByTaskOptions = {},
): Assignment {
  checkOptions("assignByTask", options, ["most", "alpha", "beta"]);
  const { most = 13, alpha = 1, beta = 6 } = options;
  checkSizes("assignByTask", { most });
  checkPositive("assignByTask", { alpha, beta });
  checkArguments("assignByTask", {
    "{ boxes, scores, points }": { predictions },
    "{ boxes, labels }": { objects },
  });
  checkShape("assignByTask", "the scores", predictions.scores, ["batch", "anchor", "class"]);
  const [batch, anchors, classes] = predictions.scores.shape;
  checkShape("assignByTask", "the predicted boxes", predictions.boxes, [batch, anchors, 4]);
  checkShape("assignByTask", "the points", predictions.points, [anchors, 3]);
  checkShape("assignByTask", "labels", objects.labels, [batch, "row"]);
  const rows = objects.labels.shape[1];
  checkShape("assignByTask", "the objects' boxes", objects.boxes, [batch, rows, 4]);
  return tidyLeaves(() =>
    noGrad(() => {
      const isObject = expandDims(cast(greaterEqual(objects.labels, 0), "float32"), 2); // [batch, row, 1]
      const named = mul(
        oneHot(maximum(cast(objects.labels, "int32"), scalar(0, "int32")), classes),
        isObject,
      ) as Tensor3D; // [batch, row, class]
      const scores = matMul(named, transpose(predictions.scores, [0, 2, 1])); // [batch, row, anchor]
      const { overlap, inside } = geometry(objects.boxes, predictions);
      const alignment = mul(mul(mul(pow(scores, alpha), pow(overlap, beta)), inside), isObject); // [batch, row, anchor]
      const last = slice(
        topk(alignment, Math.min(most, anchors)).values,
        [0, 0, Math.min(most, anchors) - 1],
        [batch, rows, 1],
      );
      const candidate = mul(
        cast(greaterEqual(alignment, last), "float32"),
        cast(greater(alignment, 0), "float32"),
      );
      const owner = oneHot(argMax(sub(mul(overlap, candidate), sub(1, candidate)), 1) as Tensor2D, rows); // [batch, anchor, row]
      const own = mul(candidate, transpose(owner, [0, 2, 1])) as Tensor3D; // [batch, row, anchor]
      const best = amax(mul(overlap, own), 2, true); // [batch, row, 1]
      const scaled = div(
        mul(mul(alignment, own), best),
        add(amax(mul(alignment, own), 2, true), 1e-9),
      ) as Tensor3D;
      return {
        scores: matMul(transpose(scaled, [0, 2, 1]), named), // [batch, anchor, class]
        boxes: matMul(transpose(own, [0, 2, 1]), objects.boxes), // [batch, anchor, 4]
        assigned: sum(own, 1) as Tensor2D, // [batch, anchor]
      };
    }),
  );
}

/** `[batch, row, anchor]`: the IoU of each object with each prediction, and whether the anchor's point is inside the object. */
function geometry(
  boxes: Tensor3D,
  { boxes: predicted, points }: PointPredictions,
): { overlap: Tensor; inside: Tensor } {
  const [x1, y1, x2, y2] = split(boxes, 4, 2) as [Tensor3D, Tensor3D, Tensor3D, Tensor3D]; // [batch, row, 1]
  const [px1, py1, px2, py2] = split(transpose(predicted, [0, 2, 1]), 4, 1) as [
    Tensor3D,
    Tensor3D,
    Tensor3D,
    Tensor3D,
  ]; // [batch, 1, anchor]
  const [x, y] = [0, 1].map((axis) => reshape(slice(points, [0, axis], [-1, 1]), [1, 1, -1])) as [
    Tensor3D,
    Tensor3D,
  ];
  const width = clamp(sub(minimum(x2, px2), maximum(x1, px1)), 0, Infinity);
  const height = clamp(sub(minimum(y2, py2), maximum(y1, py1)), 0, Infinity);
  const shared = mul(width, height);
  const area = (left: Tensor, top: Tensor, right: Tensor, bottom: Tensor) =>
    mul(sub(right, left), sub(bottom, top));
  const union = sub(add(area(x1, y1, x2, y2), area(px1, py1, px2, py2)), shared);
  const nearest = minimum(minimum(sub(x, x1), sub(y, y1)), minimum(sub(x2, x), sub(y2, y)));
  return { overlap: div(shared, add(union, 1e-9)), inside: cast(greater(nearest, 1e-9), "float32") };
}
