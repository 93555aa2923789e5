import { OptionError } from "./option-error.ts";

/**
 * Throws an {@link OptionError} unless `holds`.
 *
 * @param expected in words: `a number ≥ 0`
 */
export function checkOption(
  caller: string,
  name: string,
  value: unknown,
  holds: boolean,
  expected: string,
): void {
  if (!holds) throw new OptionError(caller, name, value, expected);
}
