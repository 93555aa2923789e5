/** A draw that cannot be made: a seed that is no whole number, a probability above one, an empty range. */
export class RngError extends RangeError {
  override readonly name = "RngError";
}
