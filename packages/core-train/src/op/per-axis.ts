import { WindowError } from "./window-error.ts";

/** One number for all spatial axes, or one for each. */
export type PerAxis<Axes extends readonly number[] = readonly number[]> = number | Axes;

/**
 * One number for each of `count` spatial axes.
 *
 * @throws {WindowError} Unless they are integers of at least `least`.
 */
export function perAxis(
  caller: string,
  name: string,
  value: PerAxis,
  count: number,
  least: number,
): number[] {
  const values: readonly number[] =
    typeof value === "number" ? Array.from({ length: count }, () => value) : value;
  const isValid =
    Array.isArray(values) &&
    values.length === count &&
    values.every((n) => Number.isInteger(n) && n >= least);
  if (isValid) return [...values];
  const expected = `an integer of at least ${least}${count > 1 ? `, or ${count} of them` : ""}`;
  const found = Array.isArray(value) ? `[${value.join(", ")}]` : JSON.stringify(value, infinite);
  throw new WindowError(`${caller}: ${name} is ${found}, expected ${expected}.`);
}

/** JSON has no NaN and no Infinity. */
function infinite(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
