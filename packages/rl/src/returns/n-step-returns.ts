import { checkArguments, checkOptions, checkProbabilities, checkSizes } from "@pellucid/core-train";
import { checkSameLength } from "./check-lengths.ts";

/** Consecutive steps of one environment; episodes may end in between. */
export interface NStepInput {
  readonly rewards: ArrayLike<number>;
  /** The value of the state before each step, and of the one after the last: one entry more than rewards. */
  readonly values: ArrayLike<number>;
  readonly terminated: ArrayLike<boolean | number>;
}

/** Options for {@link nStepReturns}. */
export interface NStepReturnsOptions {
  /** How many rewards count before the value of a state does. */
  readonly n: number;
  /** The discount. Default: 0.99. */
  readonly gamma?: number;
}

/**
 * `Gₜ = rₜ + γ rₜ₊₁ + … + γⁿ V(sₜ₊ₙ)`. Where the steps end earlier, the value counts with the power of γ that is reached there; where the episode ends, no value counts,
 * nor do rewards of the next. Sutton and Barto, 2018, equation 7.1.
 *
 * @returns the returns, and what the value in each of them is multiplied with
 * @throws ShapeError for lists of the wrong lengths
 */
export function nStepReturns(
  steps: NStepInput,
  options: NStepReturnsOptions,
): { readonly returns: Float64Array; readonly bootstrapFactors: Float64Array } {
  checkArguments("nStepReturns", { "{ rewards, values, terminated }": { steps } });
  const { rewards, values, terminated } = steps;
  checkOptions("nStepReturns", options, ["n", "gamma"]);
  const { n, gamma = 0.99 } = options;
  checkSizes("nStepReturns", { n });
  checkProbabilities("nStepReturns", { gamma });
  const { length } = rewards;
  checkSameLength("nStepReturns", { terminated }, length);
  checkSameLength("nStepReturns", { values }, length + 1);
  const [returns, bootstrapFactors] = [new Float64Array(length), new Float64Array(length)];
  for (let t = 0; t < length; t++) {
    let [total, factor, next] = [0, 1, t];
    while (next < Math.min(t + n, length) && factor > 0) {
      total += factor * (rewards[next] ?? NaN);
      factor *= terminated[next] ? 0 : gamma;
      next++;
    }
    returns[t] = total + factor * (values[next] ?? NaN);
    bootstrapFactors[t] = factor;
  }
  return { returns, bootstrapFactors };
}
