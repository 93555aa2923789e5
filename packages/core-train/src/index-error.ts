/** An index of a row that does not exist, or one that is not a whole number. */
export class IndexError extends RangeError {
  override readonly name = "IndexError";
}
