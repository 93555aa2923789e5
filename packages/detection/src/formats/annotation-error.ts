/** An annotation that cannot be read: not of its format, or with numbers that no box can have. */
export class AnnotationError extends RangeError {
  override readonly name = "AnnotationError";
}
