import { didYouMean } from "./did-you-mean.ts";
import { OptionError } from "./option-error.ts";

/** An option of a name that the function or layer does not have: `adam: there is no option lr, did you mean learningRate?` */
export class UnknownOptionError extends OptionError {
  constructor(caller: string, option: string, known: readonly string[]) {
    super(caller, option, "unknown", known.join(", "));
    const expected = known.length === 0 ? "; it has none." : `, expected some of ${known.join(", ")}.`;
    this.message = `${caller}: there is no option ${option}${didYouMean(option, known, expected)}`;
  }
}
