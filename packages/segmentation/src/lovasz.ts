import {
  abs,
  argsort,
  checkLabels,
  checkOptions,
  checkShape,
  checkTensor,
  cumsum,
  maximum,
  oneHot,
  OptionError,
  softmax,
  takeAlongAxis,
} from "@pellucid/core-train";
import {
  add,
  addN,
  cast,
  concat,
  div,
  greater,
  mul,
  notEqual,
  type Rank,
  relu,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { ignoredLabel } from "./ignored-label.ts";

/** Options for {@link lovaszSoftmax}. */
export interface LovaszSoftmaxOptions {
  /** The classes to average over: those that occur in the target, or all. Default: `"present"`. */
  readonly classes?: "present" | "all";
  /** Whether the loss is the mean of that of each image rather than of all pixels at once. Default: false. */
  readonly perImage?: boolean;
  /** The label of pixels that do not count. Default: 255, PASCAL VOC's border; the core's `crossEntropy` has PyTorch's -100. */
  readonly ignoreIndex?: number;
}

/** Options for {@link lovaszHinge}. */
export type LovaszHingeOptions = Omit<LovaszSoftmaxOptions, "classes">;

/**
 * A convex extension of `1 − IoU`, whose minimum it has: for each class, the errors `|y − p|` of all pixels in descending order, weighted by what each
 * adds to the Jaccard loss. The order counts as constant: no gradient flows through the sort.
 *
 * Berman et al., 2018, eqs. 9 and 12. https://arxiv.org/abs/1705.08790
 *
 * @param input logits `[batch, …, class]`
 * @param target `[batch, …]` int32 labels
 * @returns one number, 0 if no pixel counts
 * @throws {LabelError} for a label that is neither a class nor the ignored one
 */
export function lovaszSoftmax(input: Tensor, target: Tensor, options: LovaszSoftmaxOptions = {}): Tensor {
  const caller = "lovaszSoftmax";
  checkOptions(caller, options, ["classes", "perImage", "ignoreIndex"]);
  const { classes: over = "present", perImage = false } = options;
  if (over !== "present" && over !== "all")
    throw new OptionError(caller, "classes", over, '"present" or "all"');
  checkShape(caller, "input", input, ["...", "class"]);
  const classes = input.shape.at(-1) ?? 0;
  const ignoreIndex = ignoredLabel(caller, classes, options.ignoreIndex);
  checkShape(caller, "target", target, input.shape.slice(0, -1), "Labels are int32 without the class axis.");
  checkLabels(caller, target, classes, ignoreIndex);
  return tidy(() => {
    const parts = perImage ? (input.shape[0] ?? 0) : 1;
    const rows = target.size / Math.max(1, parts);
    const probabilities = reshape<Rank.R2>(softmax(input), [target.size, classes]); // [row, class]
    const labels = reshape<Rank.R1>(target, [target.size]); //                         [row]
    const losses = Array.from({ length: parts }, (_, i) => {
      const p = slice(probabilities, [i * rows, 0], [rows, classes]);
      const own = slice(labels, [i * rows], [rows]);
      const counted = cast(notEqual(own, ignoreIndex), "float32"); //                  [row]
      const clean = mul(own, cast(notEqual(own, ignoreIndex), "int32"));
      const mask = mul(oneHot(clean, classes), reshape(counted, [rows, 1])); //        [row, class]
      const errors = mul(abs(sub(mask, p)), reshape(counted, [rows, 1])); //           [row, class]
      const each = lovaszExtension(transpose(errors) as Tensor2D, transpose(mask) as Tensor2D); // [class]
      if (over === "all") return div(sum(each), classes);
      const present = cast(greater(sum(mask, 0), 0), "float32"); //                    [class]
      return div(sum(mul(each, present)), maximum(sum(present), 1));
    });
    return div(addN(losses), parts);
  });
}

/**
 * {@link lovaszSoftmax} for a single mask: the errors are hinges, `max(0, 1 − x (2 y − 1))`. Berman et al., 2018, eq. 8. https://arxiv.org/abs/1705.08790
 *
 * @param input logits `[batch, …]`
 * @param target `[batch, …]` int32 ones and zeros
 * @returns one number, 0 if no pixel counts
 * @throws {StructError} for what is not a tensor
 * @throws {LabelError} for a label that is neither 0, 1 nor the ignored one
 */
export function lovaszHinge(input: Tensor, target: Tensor, options: LovaszHingeOptions = {}): Tensor {
  checkOptions("lovaszHinge", options, ["perImage", "ignoreIndex"]);
  const { perImage = false } = options;
  checkTensor("lovaszHinge", "input", input);
  const ignoreIndex = ignoredLabel("lovaszHinge", 2, options.ignoreIndex);
  checkShape("lovaszHinge", "target", target, input.shape);
  checkLabels("lovaszHinge", target, 2, ignoreIndex);
  return tidy(() => {
    const parts = perImage ? (input.shape[0] ?? 0) : 1;
    const counted = cast(notEqual(target, ignoreIndex), "float32");
    const mask = mul(cast(target, "float32"), counted);
    const errors = mul(relu(sub(1, mul(input, sub(mul(2, mask), 1)))), counted);
    const rows = [parts, input.size / Math.max(1, parts)] as const;
    return div(
      sum(lovaszExtension(reshape<Rank.R2>(errors, [...rows]), reshape<Rank.R2>(mask, [...rows]))),
      parts,
    );
  });
}

/** `Σ errors · g` along each row, where `g` is what each error, in descending order, adds to `1 − intersection / union`. */
function lovaszExtension(errors: Tensor2D, mask: Tensor2D): Tensor {
  const [lists, length] = errors.shape;
  const order = argsort(errors, 1, true); //                                 [list, row]
  const sorted = takeAlongAxis<Tensor2D>(errors, order, 1); //               [list, row]
  const truth = takeAlongAxis<Tensor2D>(mask, order, 1); //                  [list, row]
  const total = sum(truth, 1, true); //                                      [list, 1]
  const intersection = sub(total, cumsum(truth, 1));
  const union = add(total, cumsum(sub(1, truth), 1));
  const jaccard = sub(1, div(intersection, maximum(union, 1))) as Tensor2D; // [list, row]
  const before = slice(jaccard, [0, 0], [lists, Math.max(0, length - 1)]);
  const first = slice(jaccard, [0, 0], [lists, Math.min(1, length)]);
  const rest = sub(slice(jaccard, [0, Math.min(1, length)], [lists, Math.max(0, length - 1)]), before);
  return sum(mul(sorted, concat([first, rest as Tensor2D], 1)), 1); //       [list]
}
