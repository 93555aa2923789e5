import {
  checkLabels,
  checkTensor,
  type LossOptions,
  oneHot,
  OptionError,
  ShapeError,
  softmax,
} from "@pellucid/core-train";
import {
  cast,
  expandDims,
  mul,
  notEqual,
  type Rank,
  reshape,
  sigmoid,
  sum,
  type Tensor,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { ignoredLabel } from "./ignored-label.ts";

/** Options for losses of the overlap of two masks. */
export interface OverlapOptions extends LossOptions {
  /** What makes probabilities of the input. Default: `"softmax"` over the classes, `"sigmoid"` for a single one. */
  readonly activation?: "softmax" | "sigmoid" | "none";
  /** Whether the overlap is that within each image, or of all pixels of the batch at once. Default: `"image"`. */
  readonly over?: "image" | "batch";
  /** What is added above and below, so that two empty masks agree. Default: 1e-6. */
  readonly eps?: number;
  /** The label of pixels that do not count. Default: 255, PASCAL VOC's border; the core's `crossEntropy` has PyTorch's -100. */
  readonly ignoreIndex?: number;
}

/** The names of {@link OverlapOptions}. */
export const overlapOptions = ["reduction", "activation", "over", "eps", "ignoreIndex"] as const;

/** Probabilities and masks, of which ignored pixels are 0, each `[batch, pixel, class]`. */
export interface Overlapping {
  readonly p: Tensor3D;
  readonly y: Tensor3D;
}

/**
 * Reads the two masks of a loss.
 *
 * @param input `[batch, …, class]`
 * @param target `[batch, …]` int32 labels, or masks of the shape of the input
 */
export function readOverlap(
  caller: string,
  input: Tensor,
  target: Tensor,
  options: OverlapOptions,
): Overlapping {
  checkTensor(caller, "input", input, "[batch, …, class]");
  checkTensor(caller, "target", target);
  const { over = "image" } = options;
  const classes = input.shape.at(-1) ?? 0;
  const ignoreIndex = ignoredLabel(caller, classes, options.ignoreIndex);
  if (input.rank < 3)
    throw new ShapeError(`${caller}: input is [${input.shape.join(", ")}], expected [batch, …, class].`);
  if (over !== "image" && over !== "batch") throw new OptionError(caller, "over", over, '"image" or "batch"');
  const hasLabels = target.rank !== input.rank;
  const wanted = hasLabels ? input.shape.slice(0, -1) : input.shape;
  if (target.shape.join() !== wanted.join())
    throw new ShapeError(
      `${caller}: target is [${target.shape.join(", ")}], expected [${wanted.join(", ")}]: int32 labels without the class axis, or masks of the shape of the input.`,
    );
  if (hasLabels) checkLabels(caller, target, Math.max(2, classes), ignoreIndex);
  const batch = over === "batch" ? 1 : (input.shape[0] ?? 0);
  const shape: Tensor3D["shape"] = [
    batch,
    classes === 0 ? 0 : input.size / classes / Math.max(1, batch),
    classes,
  ];
  const p = reshape<Rank.R3>(activated(caller, input, options), shape); // [batch, pixel, class]
  if (!hasLabels) return { p, y: reshape<Rank.R3>(cast(target, "float32"), shape) };
  const labels = reshape<Rank.R2>(target, [batch, shape[1]]); //           [batch, pixel]
  const counted = expandDims<Tensor3D>(cast(notEqual(labels, ignoreIndex), "float32"), 2); // [batch, pixel, 1]
  const clean = mul(labels, cast(notEqual(labels, ignoreIndex), "int32"));
  const masks = classes === 1 ? expandDims<Tensor3D>(cast(clean, "float32"), 2) : oneHot(clean, classes);
  return { p: mul<Tensor3D>(p, counted), y: mul<Tensor3D>(cast(masks, "float32"), counted) };
}

function activated(caller: string, input: Tensor, { activation }: OverlapOptions): Tensor {
  const kind = activation ?? (input.shape.at(-1) === 1 ? "sigmoid" : "softmax");
  if (kind === "softmax") return softmax(input);
  if (kind === "sigmoid") return sigmoid(input);
  if (kind === "none") return input;
  throw new OptionError(caller, "activation", kind, '"softmax", "sigmoid" or "none"');
}

/** Sums over pixels: `[batch, class]`. */
export const sumPixels = (x: Tensor3D): Tensor => sum(x, 1);
