/** An output that does not depend on the input of which the gradient is asked for. */
export class NoGradientError extends Error {
  override readonly name = "NoGradientError";
}
