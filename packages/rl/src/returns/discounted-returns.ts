import { checkArguments, checkOptions, checkProbabilities } from "@pellucid/core-train";

/** `Gₜ = rₜ + γ Gₜ₊₁`: the return after each step of one whole episode. Sutton and Barto, 2018, equation 3.9. */
export function discountedReturns(
  rewards: ArrayLike<number>,
  options: { readonly gamma?: number } = {},
): Float64Array {
  checkArguments("discountedReturns", { numbers: { rewards } });
  checkOptions("discountedReturns", options, ["gamma"]);
  const { gamma = 0.99 } = options;
  checkProbabilities("discountedReturns", { gamma });
  const returns = new Float64Array(rewards.length);
  for (let t = rewards.length - 1, later = 0; t >= 0; t--) {
    later = (rewards[t] ?? NaN) + gamma * later;
    returns[t] = later;
  }
  return returns;
}
