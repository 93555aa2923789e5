import { found } from "../../check-tensor.ts";
import { LengthsError } from "./lengths-error.ts";

/**
 * The length of each sequence of a padded batch.
 *
 * @param lengths Default: `time` for each sequence
 * @throws {LengthsError} Unless there is one length for each sequence, an integer from 1 to `time`.
 */
export function checkLengths(
  caller: string,
  lengths: readonly number[] | undefined,
  batch: number,
  time: number,
): readonly number[] {
  if (lengths === undefined) return new Array<number>(batch).fill(time);
  if (!Array.isArray(lengths))
    throw new LengthsError(`${caller}: lengths is ${found(lengths)}, expected an array of integers.`);
  if (lengths.length !== batch)
    throw new LengthsError(
      `${caller}: got ${lengths.length} lengths for a batch of ${batch}, expected one for each sequence.`,
    );
  const wrong = lengths.findIndex((length) => !(Number.isInteger(length) && length >= 1 && length <= time));
  if (wrong === -1) return lengths;
  throw new LengthsError(
    `${caller}: the length of sequence ${wrong} is ${lengths[wrong]}, expected an integer from 1 to ${time}, the time steps of x. ` +
      "Leave empty sequences out of the batch, and pad the others at the end.",
  );
}
