import { checkArguments, DataError, OptionError } from "@pellucid/core-train";

/** The score that a new example exceeds with a probability of at most `alpha`. */
export interface ConformalQuantile {
  /** Which of the sorted scores it is, from 1; `n + 1` where there are too few. */
  readonly k: number;
  /** Infinite where there are too few scores. */
  readonly quantile: number;
}

/**
 * The `⌈(n + 1) (1 − α)⌉`-th smallest of the scores of held-out examples, without interpolation: so at least `1 − α` of new examples have a score of at most it, whatever the model is.
 *
 * Vovk et al., 2005; Angelopoulos and Bates, 2021, section 1. https://arxiv.org/abs/2107.07511
 *
 * @throws DataError where there are no scores, or one is NaN
 */
export function conformalQuantile(scores: ArrayLike<number>, alpha: number): ConformalQuantile {
  checkArguments("conformalQuantile", { numbers: { scores }, number: { alpha } });
  if (!(alpha > 0 && alpha < 1))
    throw new OptionError("conformalQuantile", "alpha", alpha, "a number between 0 and 1");
  if (scores.length === 0) throw new DataError("conformalQuantile: there are no scores.");
  const sorted = Float64Array.from(scores).toSorted();
  if (sorted.some(Number.isNaN)) throw new DataError("conformalQuantile: a score is NaN.");
  const exact = (sorted.length + 1) * (1 - alpha);
  const k = Math.ceil(exact - 1e-12 * exact); // 10 · 0.9 is 9, also where 64 bits say 9.000000000000002
  return { k, quantile: sorted[k - 1] ?? Infinity };
}
