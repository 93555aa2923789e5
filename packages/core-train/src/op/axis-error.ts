/** An axis that a tensor does not have. */
export class AxisError extends RangeError {
  override readonly name = "AxisError";
}
