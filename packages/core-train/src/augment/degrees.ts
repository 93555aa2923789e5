import { checkRange } from "./check-option.ts";
import type { Interval } from "./random-sides.ts";

/** A range of angles: as given, or as far to both sides. */
export function degreesOf(caller: string, name: string, degrees: number | Interval): Interval {
  const range: Interval = typeof degrees === "number" ? [-degrees, degrees] : degrees;
  checkRange(caller, name, range, -Infinity, Infinity);
  return range;
}
