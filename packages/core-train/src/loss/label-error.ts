/** A class label of the wrong type, or of a class that does not exist. */
export class LabelError extends RangeError {
  override readonly name = "LabelError";
}
