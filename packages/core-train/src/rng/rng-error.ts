/** A draw that cannot be made: a seed that is not an integer, a probability above one, an empty range. */
export class RngError extends RangeError {
  override readonly name = "RngError";
}
