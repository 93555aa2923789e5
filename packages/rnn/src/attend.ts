import { checkLengths, checkRecord, checkShape, matMul, softmax } from "@pellucid/core-train";
import {
  expandDims,
  fill,
  reshape,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  where,
} from "@tensorflow/tfjs-core";

/** The output of an encoder, to which a decoder attends. */
export interface Memory {
  /** `[batch, source, hidden]` */
  readonly memory: Tensor3D;
  /** The number of time steps of each example, for a batch that is padded at the end. */
  readonly lengths: readonly number[];
}

/** The result of an attention over a {@link Memory}. */
export type Attended = {
  /** The weighted mean of the memory, `[batch, hidden]`. */
  readonly context: Tensor2D;
  /** The attention weights, `[batch, source]`: they sum to 1, and are 0 beyond an example's length. */
  readonly weights: Tensor2D;
};

/** Attention of a decoder over its source. */
export interface SourceAttention {
  /** @param query `[batch, hidden]` */
  forward(query: Tensor2D, memory: Memory): Attended;
}

/**
 * The mean of a memory, weighted by the softmax of its scores. Call it in a `tidy`.
 *
 * @param scores `[batch, source]`
 * @throws {StructError} For what is not a tensor, or a source without memory and lengths.
 * @throws {ShapeError} If scores and memory do not fit together.
 * @throws {LengthsError} Unless there is a length for each example.
 */
export function attend(scores: Tensor2D, source: Memory): Attended {
  checkRecord("attend", "source", source, ["memory", "lengths"]);
  const { memory, lengths } = source;
  checkShape("attend", "memory", memory, ["batch", "source", "hidden"]);
  const [batch, time, hidden] = memory.shape;
  checkShape("attend", "scores", scores, [batch, time]);
  checkLengths("attend", lengths, batch, time);
  const weights = softmax(maskPadding(scores, lengths)); // [batch, source]
  const mixed: Tensor3D = matMul(expandDims(weights, 1), memory); // [batch, 1, hidden]
  return { context: reshape(mixed, [batch, hidden]), weights: reshape(weights, [batch, time]) };
}

/** Masks the scores beyond an example's length, so that their weights are 0. */
function maskPadding(scores: Tensor2D, lengths: readonly number[]): Tensor2D {
  const [batch, time] = scores.shape;
  if (lengths.every((length) => length === time)) return scores;
  const mask = lengths.flatMap((length) => Array.from({ length: time }, (_, t) => t < length));
  return where(tensor2d(mask, [batch, time], "bool"), scores, fill([batch, time], -1e30));
}
