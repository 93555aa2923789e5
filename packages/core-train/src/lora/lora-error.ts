/** An adapter that does not fit a model or a layer. The message lists everything that is wrong. */
export class LoraError extends Error {
  override readonly name = "LoraError";
}
