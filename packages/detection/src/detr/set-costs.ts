import { checkArguments, checkNotNegative, checkOptions } from "@pellucid/core-train";
import { softmaxRows } from "../models/softmax-rows.ts";

/** Options for {@link setCosts}: how much each part counts. */
export interface SetCostsOptions {
  /** The probability of the object's class. Default: 1. */
  readonly classCost?: number;
  /** The absolute error of the box. Default: 5. */
  readonly bboxCost?: number;
  /** GIoU. Default: 2. */
  readonly giouCost?: number;
}

/** The objects of one picture: boxes `x, y, width, height` with the center, as fractions of the picture. */
export interface SetTarget {
  readonly boxes: readonly (readonly number[])[];
  readonly labels: ArrayLike<number>;
}

/** What queries predict of one picture, read back. */
export interface SetPredictions {
  /** Of each query and class, with the one for no object last. */
  readonly logits: Float32Array;
  /** `x, y, width, height` of each query. */
  readonly boxes: Float32Array;
}

/**
 * The cost of each query for each object: `−classCost · p(class) + bboxCost · |b − b̂|₁ − giouCost · GIoU`, in 64 bits. The class counts by its probability, not its logarithm.
 *
 * Carion et al., 2020. DETR, section 3.1. https://arxiv.org/abs/2005.12872
 *
 * @returns `[query][object]`
 * @throws {StructError} for what is not predictions and objects
 * @throws {OptionError} for a wrong option
 */
export function setCosts(
  predictions: SetPredictions,
  target: SetTarget,
  options: SetCostsOptions = {},
): number[][] {
  checkArguments("setCosts", { "{ logits, boxes }": { predictions }, "{ boxes, labels }": { target } });
  const { logits, boxes } = predictions;
  checkArguments("setCosts", { numbers: { logits, boxes }, "numbers[]": { "target.boxes": target.boxes } });
  checkOptions("setCosts", options, ["classCost", "bboxCost", "giouCost"]);
  const { classCost = 1, bboxCost = 5, giouCost = 2 } = options;
  checkNotNegative("setCosts", { classCost, bboxCost, giouCost });
  const queries = boxes.length / 4;
  const classes = logits.length / queries;
  const probabilities = softmaxRows(logits, classes);
  return Array.from({ length: queries }, (_, query) => {
    const box = Array.from(boxes.slice(4 * query, 4 * query + 4));
    return target.boxes.map((wanted, object) => {
      const label = target.labels[object] ?? NaN;
      const distance = wanted.reduce((sum, value, k) => sum + Math.abs(value - (box[k] ?? NaN)), 0);
      const probability = probabilities[query * classes + label] ?? NaN;
      return bboxCost * distance - classCost * probability - giouCost * giou(corners(box), corners(wanted));
    });
  });
}

type Corners = readonly [x1: number, y1: number, x2: number, y2: number];

function corners(box: readonly number[]): Corners {
  const [x = 0, y = 0, width = 0, height = 0] = box;
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

function giou(a: Corners, b: Corners): number {
  const side = (low: number, high: number): number => Math.max(high - low, 0);
  const area = ([x1, y1, x2, y2]: Corners): number => (x2 - x1) * (y2 - y1);
  const shared =
    side(Math.max(a[0], b[0]), Math.min(a[2], b[2])) * side(Math.max(a[1], b[1]), Math.min(a[3], b[3]));
  const union = area(a) + area(b) - shared;
  const hull =
    side(Math.min(a[0], b[0]), Math.max(a[2], b[2])) * side(Math.min(a[1], b[1]), Math.max(a[3], b[3]));
  return shared / union - (hull - union) / hull;
}
