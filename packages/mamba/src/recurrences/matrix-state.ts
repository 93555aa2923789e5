import { checkRecord, checkShape, DataError, type Step } from "@pellucid/core-train";
import {
  concat,
  slice,
  type Tensor,
  type Tensor4D,
  type TensorContainer,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";

/** What is read by a recurrence whose state is a matrix per head. */
export interface MatrixStateInputs {
  /** `[batch, head, time, feature]` */
  readonly query: Tensor4D;
  /** `[batch, head, time, feature]` */
  readonly key: Tensor4D;
  /** `[batch, head, time, value]` */
  readonly value: Tensor4D;
  /** The state after the previous time steps, `[batch, head, feature, value]`. Default: zeros. */
  readonly initial?: Tensor4D;
}

/**
 * @param more the names of what else is read
 * @throws {StructError} For what is not a record of tensors.
 * @throws {ShapeError} If the shapes do not fit together.
 * @throws {DataError} If there is no time step.
 */
export function checkMatrixState(
  caller: string,
  inputs: MatrixStateInputs,
  more: readonly string[] = [],
): void {
  checkRecord(caller, "the input", inputs, ["query", "key", "value", ...more]);
  const { query, key, value, initial } = inputs;
  checkShape(caller, "query", query, ["batch", "head", "time", "feature"]);
  checkShape(caller, "key", key, query.shape);
  const [batch, heads, time, features] = query.shape;
  checkShape(caller, "value", value, [batch, heads, time, "value"]);
  if (initial !== undefined) checkShape(caller, "initial", initial, [batch, heads, features, value.shape[3]]);
  if (time === 0) throw new DataError(`${caller}: query has no time steps, expected one or more.`);
}

/** The state before the first time step. */
export function firstState({ query, value, initial }: MatrixStateInputs): Tensor4D {
  const [batch, heads, , features] = query.shape;
  return initial ?? zeros<Tensor4D["rankType"]>([batch, heads, features, value.shape[3]]);
}

/** Takes the time steps of a chunk from a sequence, `[batch, head, time, …]`. */
export type PartOf = <X extends Tensor>(sequence: X) => X;

/**
 * Reads a sequence a chunk at a time; the state goes from one chunk to the next.
 *
 * @param read gives the output of a chunk, `[batch, head, time, value]`, and the state after it
 */
export function readInChunks<State extends TensorContainer>(
  time: number,
  chunkSize: number,
  initial: State,
  read: (part: PartOf, state: State) => Step<Tensor4D, State>,
): Step<Tensor4D, State> {
  return tidy(() => {
    const outputs: Tensor4D[] = [];
    let state = initial;
    for (let from = 0; from < time; from += chunkSize) {
      const count = Math.min(chunkSize, time - from);
      const part: PartOf = (sequence) =>
        slice(
          sequence,
          sequence.shape.map((_, axis) => (axis === 2 ? from : 0)),
          sequence.shape.map((size, axis) => (axis === 2 ? count : size)),
        );
      const step = read(part, state);
      outputs.push(step.output);
      state = step.state;
    }
    return { output: concat(outputs, 2), state };
  });
}
