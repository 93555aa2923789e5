import { oneStep } from "./one-step.ts";

/**
 * Learns the value of the policy that explores: `Q(s, a) ← Q(s, a) + α (r + γ Q(s′, a′) − Q(s, a))`, with the action `a′` that is taken next. Yields each episode.
 *
 * Rummery and Niranjan, 1994. Sutton and Barto, 2018, section 6.4.
 */
export const sarsa = oneStep("sarsa", ({ q, choose }, state) => {
  const action = choose(state);
  return { value: (q[state] as Float64Array)[action] ?? NaN, action };
});
