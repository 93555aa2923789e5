/** An optimizer met a parameter that it does not know, knows twice, or knows none. */
export class ParameterError extends RangeError {
  override readonly name = "ParameterError";
}
