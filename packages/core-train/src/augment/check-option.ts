import { OptionError } from "../option-error.ts";
import { checkArguments } from "../check-arguments.ts";

/** Throws an {@link OptionError} unless `p` is a probability. */
export function checkProbability(caller: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new OptionError(caller, "p", p, "0 to 1");
}

/** Throws an {@link OptionError} unless `range` goes up, from `least` to `most`. */
export function checkRange(
  caller: string,
  name: string,
  range: readonly [low: number, high: number],
  least: number,
  most: number,
): void {
  checkArguments(caller, { "number+": { [name]: range } });
  const [low, high] = range;
  if (low >= least && low <= high && high <= most) return;
  const to = most === Infinity ? "" : ` to ${most}`;
  throw new OptionError(caller, name, `[${low}, ${high}]`, `two rising numbers from ${least}${to}`);
}
