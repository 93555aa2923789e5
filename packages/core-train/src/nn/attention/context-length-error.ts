/** A sequence is longer than the context of a layer or model. */
export class ContextLengthError extends RangeError {
  override readonly name = "ContextLengthError";

  /**
   * @param caller the layer or model
   * @param length the length of the sequence
   * @param longest the longest sequence that it takes
   */
  constructor(caller: string, length: number, longest: number) {
    super(
      `${caller}: the sequence has ${length} time steps, expected ${longest} at most. Shorten it, or use a model with a longer context.`,
    );
  }
}

/** @throws {ContextLengthError} If a sequence is too long. */
export function checkContextLength(caller: string, length: number, longest: number): void {
  if (length > longest) throw new ContextLengthError(caller, length, longest);
}
