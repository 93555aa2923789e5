import { DataError } from "../data/data-error.ts";
import { checkArguments } from "../check-arguments.ts";

/**
 * The tokens of a text that a model is to read.
 *
 * @param name of the text, for the error: `the prompt`
 * @throws {DataError} If there are none, or one is not from 0 to `vocabSize − 1`.
 */
export function checkTokens(
  caller: string,
  name: string,
  text: ArrayLike<number>,
  vocabSize: number,
): readonly number[] {
  checkArguments(caller, { numbers: { [name]: text } });
  const tokens = Array.from(text);
  if (tokens.length === 0) throw new DataError(`${caller}: ${name} has no tokens, expected at least one.`);
  const unknown = tokens.find((token) => !(Number.isInteger(token) && token >= 0 && token < vocabSize));
  if (unknown === undefined) return tokens;
  throw new DataError(
    `${caller}: ${name} has the token ${unknown}, expected integers from 0 to ${vocabSize - 1}.`,
  );
}
