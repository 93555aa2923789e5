/** Lengths of sequences that do not go with the batch. */
export class LengthsError extends RangeError {
  override readonly name = "LengthsError";
}

/**
 * The length of each sequence of a batch: as given, or all of `time`.
 *
 * @throws {LengthsError} unless there is one per sequence, a whole number from 1 to `time`
 */
export function checkLengths(
  who: string,
  lengths: readonly number[] | undefined,
  batch: number,
  time: number,
): readonly number[] {
  if (lengths === undefined) return new Array<number>(batch).fill(time);
  if (lengths.length !== batch)
    throw new LengthsError(
      `${who}: ${lengths.length} lengths for a batch of ${batch}, expected one for each sequence.`,
    );
  const wrong = lengths.findIndex((length) => !(Number.isInteger(length) && length >= 1 && length <= time));
  if (wrong === -1) return lengths;
  throw new LengthsError(
    `${who}: the length of sequence ${wrong} is ${lengths[wrong]}, expected a whole number from 1 to ${time}, the moments of x. ` +
      "Leave empty sequences out of the batch; pad the others at the end.",
  );
}
