import { hashed } from "@pellucid/testing";

/** The fixtures' weighted sum, which differs where two lists do. */
export const weighted = (values: ArrayLike<number>, k: number): number =>
  hashed(values.length, k).reduce((sum, u, i) => sum + (u + 1) * (values[i] ?? NaN), 0);
