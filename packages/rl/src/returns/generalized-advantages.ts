import { checkOptions, checkProbabilities, checkRecord } from "@pellucid/core-train";
import { checkSameLength } from "./check-lengths.ts";

/** The steps of one environment, in order; episodes may end in between. */
export interface AdvantageSteps {
  readonly rewards: ArrayLike<number>;
  /** The value of the observation before each step. */
  readonly values: ArrayLike<number>;
  readonly terminated: ArrayLike<boolean | number>;
  readonly truncated: ArrayLike<boolean | number>;
  /** The value of the last observation of an episode that was truncated at this step, not of the first one of the next. */
  readonly finalValues: ArrayLike<number>;
  /** The value of the observation after the last step. */
  readonly nextValue: number;
}

/** Options for {@link generalizedAdvantages}. */
export interface GeneralizedAdvantagesOptions {
  /** The discount. Default: 0.99. */
  readonly gamma?: number;
  /** 0 trusts the values, 1 the rewards. Default: 0.95. */
  readonly lambda?: number;
}

/**
 * Generalized advantage estimation: `Aₜ = δₜ + γ λ Aₜ₊₁` with `δₜ = rₜ + γ V(sₜ₊₁) − V(sₜ)`. After a termination the next value is 0; after a truncation it is
 * that of the episode's last observation; after both the sum stops.
 *
 * Schulman et al., 2015, equation 16. https://arxiv.org/abs/1506.02438
 *
 * @returns the advantages, and the returns, which are advantages plus values
 * @throws ShapeError for lists of different lengths
 * @throws StructError where a list is missing
 */
export function generalizedAdvantages(
  steps: AdvantageSteps,
  options: GeneralizedAdvantagesOptions = {},
): { readonly advantages: Float64Array; readonly returns: Float64Array } {
  checkRecord("generalizedAdvantages", "steps", steps, [
    "rewards",
    "values",
    "terminated",
    "truncated",
    "finalValues",
    "nextValue",
  ]);
  checkOptions("generalizedAdvantages", options, ["gamma", "lambda"]);
  const { gamma = 0.99, lambda = 0.95 } = options;
  checkProbabilities("generalizedAdvantages", { gamma, lambda });
  const { rewards, values, terminated, truncated, finalValues, nextValue } = steps;
  checkSameLength("generalizedAdvantages", { values, terminated, truncated, finalValues }, rewards.length);
  const advantages = new Float64Array(rewards.length);
  let [later, valueAfter] = [0, nextValue];
  for (let t = rewards.length - 1; t >= 0; t--) {
    const isCut = Boolean(truncated[t]);
    const isEnd = Boolean(terminated[t]);
    const next = isEnd ? 0 : isCut ? (finalValues[t] ?? NaN) : valueAfter;
    const error = (rewards[t] ?? NaN) + gamma * next - (values[t] ?? NaN);
    later = error + (isEnd || isCut ? 0 : gamma * lambda * later);
    advantages[t] = later;
    valueAfter = values[t] ?? NaN;
  }
  return { advantages, returns: advantages.map((advantage, t) => advantage + (values[t] ?? NaN)) };
}
