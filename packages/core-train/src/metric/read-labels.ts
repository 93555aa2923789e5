import { argMax, type Tensor } from "@tensorflow/tfjs-core";
import { LabelError } from "../loss/label-error.ts";
import { checkShape } from "../shape-error.ts";
import { checkTensor } from "../check-tensor.ts";
import { checkIntegers } from "../check-values.ts";
import { OptionError } from "../option-error.ts";

/** Options for reading a prediction as labels. */
export interface LabelOptions {
  /** The score above which a single score means class 1. For logits: 0. Default: 0.5. */
  readonly threshold?: number;
  /** A label of the target to ignore. Default: none. */
  readonly ignoreIndex?: number;
}

/** Throws an {@link OptionError} unless the options name a threshold and a label. */
export function checkLabelOptions(caller: string, { threshold = 0.5, ignoreIndex = 0 }: LabelOptions): void {
  if (typeof threshold !== "number" || Number.isNaN(threshold))
    throw new OptionError(caller, "threshold", threshold, "a number");
  checkIntegers(caller, { ignoreIndex });
}

/** Predicted and target labels, without ignored ones. */
export interface LabelPairs {
  readonly predicted: readonly number[];
  readonly labels: readonly number[];
  /** The number of classes of the prediction, where it is known. */
  readonly classes: number | undefined;
}

/**
 * Reads a prediction as labels: the highest of several scores (`[…, class]` with a target `[…]`), whether a single score is
 * above the threshold (float32 `[…]`), or the labels themselves (int32 `[…]`).
 *
 * @throws LabelError if the target has a number that is not a label
 */
export async function readLabels(
  caller: string,
  prediction: Tensor,
  target: Tensor,
  { threshold = 0.5, ignoreIndex }: LabelOptions,
): Promise<LabelPairs> {
  checkTensor(caller, "prediction", prediction);
  checkTensor(caller, "target", target);
  const hasScores = prediction.rank === target.rank + 1;
  const expected = hasScores ? prediction.shape.slice(0, -1) : prediction.shape;
  checkShape(caller, "target", target, expected, "Labels have no class axis.");
  const isBinary = !hasScores && prediction.dtype === "float32";
  const classes = hasScores ? prediction.shape.at(-1) : isBinary ? 2 : undefined;
  const best = hasScores ? argMax(prediction, -1) : null;
  try {
    const [found, right] = await Promise.all([(best ?? prediction).data(), target.data()]);
    const pairs = { predicted: new Array<number>(), labels: new Array<number>(), classes };
    for (let i = 0; i < right.length; i++) {
      const label = right[i] ?? NaN;
      if (label === ignoreIndex) continue;
      if (!(Number.isInteger(label) && label >= 0 && label < (classes ?? Infinity))) {
        const range = classes === undefined ? "a class from 0" : `a class from 0 to ${classes - 1}`;
        throw new LabelError(`${caller}: target[${i}] is ${label}, expected ${range}.`);
      }
      pairs.labels.push(label);
      pairs.predicted.push(isBinary ? Number((found[i] ?? NaN) > threshold) : (found[i] ?? NaN));
    }
    return pairs;
  } finally {
    best?.dispose();
  }
}
