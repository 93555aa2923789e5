import { matMul, softmax } from "@pellucid/core-train";
import {
  expandDims,
  fill,
  reshape,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  where,
} from "@tensorflow/tfjs-core";

/** What an encoder leaves to be looked at: its output at each moment, and how many moments each example has. */
export interface Memory {
  /** `[batch, time, hidden]` */
  readonly y: Tensor3D;
  readonly lengths: readonly number[];
}

/** What an attention found. */
export type Attended = {
  /** The outputs' mean by their weights, `[batch, hidden]`. */
  readonly context: Tensor2D;
  /** How much each moment counts, `[batch, time]`: 0 beyond an example's length, and 1 in sum. */
  readonly weights: Tensor2D;
};

/**
 * Weighs the moments of a memory by the softmax of their scores. To be called in a `tidy`.
 *
 * @param scores `[batch, time]`
 */
export function attend(scores: Tensor2D, { y, lengths }: Memory): Attended {
  const [batch, time, hidden] = y.shape;
  const weights = softmax(within(scores, lengths));
  const mixed: Tensor3D = matMul(expandDims(weights, 1), y); // [batch, 1, hidden]
  return { context: reshape(mixed, [batch, hidden]), weights: reshape(weights, [batch, time]) };
}

/** What is beyond an example's length gets a score that no exponential can see. */
function within(scores: Tensor2D, lengths: readonly number[]): Tensor2D {
  const [batch, time] = scores.shape;
  if (lengths.every((length) => length === time)) return scores;
  const inside = lengths.flatMap((length) => Array.from({ length: time }, (_, t) => t < length));
  return where(tensor2d(inside, [batch, time], "bool"), scores, fill([batch, time], -1e30));
}
