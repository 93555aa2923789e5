/** Lengths of sequences that do not fit the batch. */
export class LengthsError extends RangeError {
  override readonly name = "LengthsError";
}
