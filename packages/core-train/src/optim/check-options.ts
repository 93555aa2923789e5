import { OptionError } from "../option-error.ts";

/**
 * Throws an {@link OptionError} unless `holds`.
 *
 * @param who the function that complains
 * @param expected in words: `a number ≥ 0`
 */
export function checkOption(
  who: string,
  name: string,
  value: unknown,
  holds: boolean,
  expected: string,
): void {
  if (!holds) throw new OptionError(who, name, value, expected);
}

/** Throws an {@link OptionError} unless every number is ≥ 0. A function of the step passes: it is not asked yet. */
export function checkNotNegative(who: string, options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    checkOption(who, name, value, typeof value !== "number" || value >= 0, "a number ≥ 0");
  }
}

/** Throws an {@link OptionError} unless both averages forget: `0 ≤ beta < 1`. */
export function checkBetas(who: string, betas: readonly unknown[]): void {
  for (const [i, beta] of betas.entries()) {
    if (typeof beta !== "number") continue;
    checkOption(who, `betas[${i}]`, beta, beta >= 0 && beta < 1, "a number in [0, 1)");
  }
}
