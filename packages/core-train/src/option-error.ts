import { found as inWords } from "./check-tensor.ts";

/** An option or size that a function or layer does not accept: a probability above 1, an unknown reduction. */
export class OptionError extends RangeError {
  override readonly name = "OptionError";

  /**
   * @param caller the function or layer
   * @param option the name of the option
   * @param found its value
   * @param expected the accepted values: `0 to 1`
   */
  constructor(caller: string, option: string, found: unknown, expected: string) {
    super(
      `${caller}: ${option} is ${typeof found === "string" ? found : inWords(found)}, expected ${expected}.`,
    );
  }
}
