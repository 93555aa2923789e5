import { checkArguments, checkOptions, ShapeError } from "@pellucid/core-train";
import { conformalQuantile } from "./conformal-quantile.ts";

/** A range of numbers on the host. */
export interface Range {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Widens the intervals of a model, so that they contain a new target with a probability of at least `1 − alpha`: by the quantile of how far held-out targets are outside (negative where they are inside). For a model that
 * gives one number, let `lower` and `upper` both be it.
 *
 * Romano et al., 2019, conformalized quantile regression. https://arxiv.org/abs/1905.03222
 *
 * @returns how much to widen on each side, and a function that does
 */
export function conformalIntervals(
  predicted: readonly Range[],
  targets: ArrayLike<number>,
  options: { readonly alpha: number },
): { readonly margin: number; readonly predict: (range: Range) => Range } {
  checkArguments("conformalIntervals", { array: { predicted }, numbers: { targets } });
  checkOptions("conformalIntervals", options, ["alpha"]);
  if (predicted.length !== targets.length)
    throw new ShapeError(
      `conformalIntervals: ${predicted.length} ranges and ${targets.length} targets, expected as many.`,
    );
  const scores = predicted.map(({ lower, upper }, i) =>
    Math.max(lower - (targets[i] ?? NaN), (targets[i] ?? NaN) - upper),
  );
  const { quantile: margin } = conformalQuantile(scores, options.alpha);
  return { margin, predict: ({ lower, upper }) => ({ lower: lower - margin, upper: upper + margin }) };
}
