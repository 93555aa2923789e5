import {
  add,
  cast,
  div,
  expandDims,
  fill,
  gather,
  less,
  range,
  type Rank,
  reshape,
  scalar,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  where,
  zeros,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { hostValues } from "../host-values.ts";
import { ctc } from "../op/ctc.ts";
import { cumsum } from "../op/cumsum.ts";
import { maximum } from "../op/maximum.ts";
import { minimum } from "../op/minimum.ts";
import { OptionError } from "../option-error.ts";
import { checkShape, ShapeError } from "../shape-error.ts";
import { LabelError } from "./label-error.ts";
import { type LossOptions, reduceLosses } from "../reduce-losses.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link ctcLoss}. */
export interface CtcLossOptions extends LossOptions {
  /** The class that stands for no label. Default: 0. */
  readonly blank?: number;
  /** Whether an example that is too short for its labels counts as 0, with gradient 0; otherwise its loss is infinite. Default: false. */
  readonly zeroInfinity?: boolean;
}

/**
 * Connectionist temporal classification, PyTorch's `ctc_loss`: the negative log-likelihood of labels over all their alignments with the time
 * steps, where labels may be repeated and blanks put between them. For speech and handwriting, where nobody says which step is which letter.
 * The mean is over the examples, each divided by its number of labels.
 *
 * Graves et al., 2006. https://www.cs.toronto.edu/~graves/icml_2006.pdf
 *
 * As in PyTorch the gradient is `exp(log p) − posterior`, which is right below `logSoftmax` only. There is no second one.
 *
 * @param logProbs `[batch, time, class]`, of `logSoftmax`; PyTorch has `[time, batch, class]`
 * @param targets `[batch, label]` int32, each with anything after its end; or `[label]`, those of all examples one after the other
 * @param inputLengths `[batch]` int32, the time steps of each example
 * @param targetLengths `[batch]` int32, the labels of each example
 * @returns one number; `[batch]` unreduced
 * @throws LabelError for a label outside the classes
 * @throws OptionError for a blank outside the classes, or a length that is too large; all where reading them does not have to wait for a GPU
 */
export function ctcLoss(
  logProbs: Tensor3D,
  targets: Tensor1D | Tensor2D,
  inputLengths: Tensor1D,
  targetLengths: Tensor1D,
  options: CtcLossOptions = {},
): Tensor {
  checkOptions("ctcLoss", options, ["blank", "zeroInfinity", "reduction"]);
  const { blank = 0, zeroInfinity = false, reduction = "mean" } = options;
  checkShape("ctcLoss", "logProbs", logProbs, ["batch", "time", "class"]);
  const [batch, time, classes] = logProbs.shape;
  checkShape("ctcLoss", "targets", targets, targets.rank === 1 ? ["label"] : [batch, "label"]);
  checkShape("ctcLoss", "inputLengths", inputLengths, [batch]);
  checkShape("ctcLoss", "targetLengths", targetLengths, [batch]);
  if (!(Number.isInteger(blank) && blank >= 0 && blank < classes)) {
    throw new OptionError("ctcLoss", "blank", blank, `a class from 0 to ${classes - 1}`);
  }
  if (batch === 0) return tidy(() => reduceLosses("ctcLoss", zeros([0]), reduction));
  if (time === 0) {
    throw new ShapeError(
      `ctcLoss: logProbs is [${logProbs.shape.join(", ")}], expected at least one time step.`,
    );
  }
  checkTargets(targets, inputLengths, targetLengths, time, classes);
  return tidy(() => {
    const labels = padded(targets, targetLengths, blank); //                        [batch, label]
    const [losses] = ctc({ logProbs, labels, inputLengths, targetLengths }, { blank, zeroInfinity });
    const counted = zeroInfinity ? where(less(losses, Infinity), losses, zerosLike(losses)) : losses;
    const lengths = maximum(cast(targetLengths, "float32"), 1); //                  [batch]
    return reduceLosses("ctcLoss", reduction === "mean" ? div(counted, lengths) : counted, reduction);
  });
}

/** The labels of each example, `[batch, label]`, with blanks after their end. */
function padded(targets: Tensor1D | Tensor2D, targetLengths: Tensor1D, blank: number): Tensor2D {
  const lengths = expandDims<Tensor2D>(targetLengths, 1); //                        [batch, 1]
  const [batch] = lengths.shape;
  const longest = longestOf(targets, targetLengths);
  const filler = fill<Rank.R2>([batch, longest], blank, "int32"); //                [batch, label]
  if (filler.size === 0) return filler;
  const position = reshape(range(0, longest, 1, "int32"), [1, longest]); //         [1, label]
  const isLabel = less(position, lengths); //                                       [batch, label]
  if (targets.rank === 2) return where(isLabel, targets, filler) as Tensor2D;
  const counts = cast(lengths, "float32");
  const starts = cast(sub(cumsum(counts, 0), counts), "int32"); //                  [batch, 1]
  const at = minimum(add(starts, position), scalar(targets.size - 1, "int32")); //  [batch, label]
  return where(isLabel, gather(targets, cast(at, "int32")), filler) as Tensor2D;
}

/** How many labels the longest example has, or an upper bound where reading the lengths would have to wait for a GPU. */
function longestOf(targets: Tensor, targetLengths: Tensor1D): number {
  if (targets.rank === 2) return targets.shape[1] ?? 0;
  const lengths = hostValues(targetLengths);
  return lengths === null
    ? targets.size
    : Array.from(lengths).reduce((most, length) => Math.max(most, length), 0);
}

function checkTargets(
  targets: Tensor,
  inputLengths: Tensor1D,
  targetLengths: Tensor1D,
  time: number,
  classes: number,
): void {
  for (const [name, x] of Object.entries({ targets, inputLengths, targetLengths })) {
    if (x.dtype === "int32") continue;
    throw new LabelError(
      `ctcLoss: ${name} is ${x.dtype}, expected int32. Make it with tensor(numbers, shape, "int32").`,
    );
  }
  const [labels, steps, counts] = [targets, inputLengths, targetLengths].map((x) =>
    Array.from(hostValues(x) ?? []),
  );
  const total = (counts ?? []).reduce((sum, count) => sum + count, 0);
  const width = targets.rank === 2 ? (targets.shape[1] ?? 0) : targets.size;
  checkLengths("inputLengths", steps ?? [], time);
  checkLengths("targetLengths", counts ?? [], width);
  if (targets.rank === 1 && counts?.length !== 0 && total !== targets.size) {
    throw new OptionError(
      "ctcLoss",
      "the sum of targetLengths",
      total,
      `${targets.size}, as many as there are targets`,
    );
  }
  const isPadding = (i: number) => targets.rank === 2 && i % width >= (counts?.[Math.floor(i / width)] ?? 0);
  labels?.forEach((label, i) => {
    if ((label >= 0 && label < classes) || isPadding(i)) return;
    throw new LabelError(`ctcLoss: targets[${i}] is ${label}, expected a class from 0 to ${classes - 1}.`);
  });
}

function checkLengths(name: string, lengths: readonly number[], longest: number): void {
  lengths.forEach((length, i) => {
    if (length >= 0 && length <= longest) return;
    throw new OptionError("ctcLoss", `${name}[${i}]`, length, `0 to ${longest}`);
  });
}
