import { checkFinite, checkSizes, OptionError } from "@pellucid/core-train";

/**
 * The knots of B-splines on even intervals: `size + 1` from `low` to `high`, and `order` more beyond each end at the same distance, so that the
 * `size + order` functions of the basis sum to 1 from `low` to `high`, ends included. Knots are not repeated at the ends.
 *
 * @returns `size + 2 · order + 1` numbers
 */
export function uniformKnots(low: number, high: number, size: number, order: number): Float64Array {
  checkFinite("uniformKnots", { low, high });
  checkSizes("uniformKnots", { size });
  checkSizes("uniformKnots", { order }, 0);
  if (!(low < high)) throw new OptionError("uniformKnots", "high", high, `a number above low, ${low}`);
  const step = (high - low) / size;
  return Float64Array.from({ length: size + 2 * order + 1 }, (_, i) => low + (i - order) * step);
}
