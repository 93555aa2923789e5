/** An option with a value that it cannot have: a rate above 1, an unknown reduction. */
export class OptionError extends RangeError {
  override readonly name = "OptionError";

  /**
   * @param caller the function or layer that was called
   * @param option the option's name
   * @param found the value that came
   * @param expected in words: `0 to 1`
   */
  constructor(caller: string, option: string, found: unknown, expected: string) {
    super(`${caller}: ${option} is ${String(found)}, expected ${expected}.`);
  }
}
