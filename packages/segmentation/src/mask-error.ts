/** A mask that a model for so many classes cannot learn from: values, sizes or layouts that do not fit. */
export class MaskError extends RangeError {
  override readonly name = "MaskError";
}
