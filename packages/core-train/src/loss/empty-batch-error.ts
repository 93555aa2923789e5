/** A mean over nothing. */
export class EmptyBatchError extends RangeError {
  override readonly name = "EmptyBatchError";
}
