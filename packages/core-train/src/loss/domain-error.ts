/** A number for which a function is not defined: a probability above 1, a negative variance. */
export class DomainError extends RangeError {
  override readonly name = "DomainError";
}
