import { checkNotNegative, OptionError } from "@pellucid/core-train";
import type { NoiseLevel } from "./noise-level.ts";
import type { SolverStep } from "./solver.ts";

/** Options for {@link heun} and {@link euler}: noise that is added before a step, and then removed with the rest. */
export interface ChurnOptions {
  /** How much noise all steps together add. Default: 0. */
  readonly churn?: number;
  /** The lowest standard deviation that gets noise. Default: 0. */
  readonly churnMin?: number;
  /** The highest standard deviation that gets noise. Default: Infinity. */
  readonly churnMax?: number;
  /** The standard deviation of the noise that is added. Default: 1. */
  readonly churnNoise?: number;
}

/** Throws an `OptionError` unless the options are numbers of 0 or more. */
export function checkChurn(
  caller: string,
  { churn = 0, churnMin = 0, churnMax, churnNoise = 1 }: ChurnOptions,
) {
  checkNotNegative(caller, { churn, churnMin, churnNoise });
  if (churnMax !== undefined && !(churnMax >= churnMin))
    throw new OptionError(caller, "churnMax", churnMax, `a number from churnMin (${churnMin})`);
}

/** Raises the noise level before a step. Karras et al., 2022, algorithm 2. https://arxiv.org/abs/2206.00364 */
export function churned<V>(
  caller: string,
  { x, from, steps, noise, combine }: SolverStep<V>,
  { churn = 0, churnMin = 0, churnMax = Infinity, churnNoise = 1 }: ChurnOptions,
): { readonly x: V; readonly from: NoiseLevel } {
  const { sigma, alpha } = from;
  if (churn === 0 || sigma < churnMin || sigma > churnMax) return { x, from };
  if (alpha !== 1 || from.time !== sigma)
    throw new OptionError(caller, "churn", churn, "0 for noise levels that are not those of karrasLevels");
  const raised = sigma * (1 + Math.min(churn / steps, Math.SQRT2 - 1));
  const added = churnNoise * Math.sqrt(raised ** 2 - sigma ** 2);
  return { x: combine([1, x], [added, noise()]), from: { alpha, sigma: raised, time: raised } };
}
