/** A sequence that is longer than what a model can look at. */
export class ContextLengthError extends RangeError {
  override readonly name = "ContextLengthError";

  /**
   * @param who the layer or model that complains
   * @param length how long the sequence is
   * @param longest how long it may be
   */
  constructor(who: string, length: number, longest: number) {
    super(
      `${who}: the sequence has ${length} moments, expected ${longest} at most. Cut it, or make the model of a longer context.`,
    );
  }
}

/** @throws {ContextLengthError} If a sequence is too long. */
export function checkContext(who: string, length: number, longest: number): void {
  if (length > longest) throw new ContextLengthError(who, length, longest);
}
