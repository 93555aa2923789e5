/** A kernel size, stride, padding or dilation that makes no sense, or not together with the others. */
export class WindowError extends RangeError {
  override readonly name = "WindowError";
}
