import { WindowError } from "./window-error.ts";

/** One number for all spatial axes, or one for each. */
export type PerAxis<Axes extends readonly number[] = readonly number[]> = number | Axes;

/**
 * One number for each of `count` spatial axes.
 *
 * @throws WindowError unless they are integers of at least `least`
 */
export function perAxis(who: string, name: string, value: PerAxis, count: number, least: number): number[] {
  const values = typeof value === "number" ? Array.from({ length: count }, () => value) : [...value];
  if (values.length === count && values.every((n) => Number.isInteger(n) && n >= least)) return values;
  const expected = `an integer of at least ${least}${count > 1 ? `, or ${count} of them` : ""}`;
  const found = typeof value === "number" ? `${value}` : `[${value.join(", ")}]`;
  throw new WindowError(`${who}: ${name} is ${found}, expected ${expected}.`);
}
