/** An option that no such function or layer has: a rate above 1, an unknown reduction. */
export class OptionError extends RangeError {
  override readonly name = "OptionError";

  /**
   * @param who the function or layer that complains
   * @param option the option's name
   * @param found what came
   * @param expected what would do: `0 to 1`
   */
  constructor(who: string, option: string, found: unknown, expected: string) {
    super(`${who}: ${option} is ${String(found)}, expected ${expected}.`);
  }
}
