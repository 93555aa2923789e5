/** `x`, but at least `low` and at most `high`. */
export const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
