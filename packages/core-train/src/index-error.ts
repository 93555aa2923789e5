/** An index that is not an integer, or of a row that does not exist. */
export class IndexError extends RangeError {
  override readonly name = "IndexError";
}
