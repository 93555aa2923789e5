import { oneStep } from "./one-step.ts";

/**
 * Learns the value of the best policy while another explores: `Q(s, a) ← Q(s, a) + α (r + γ max Q(s′, ·) − Q(s, a))`. Yields each episode.
 *
 * Watkins, 1989. Sutton and Barto, 2018, section 6.5. https://doi.org/10.1007/BF00992698
 */
export const qLearning = oneStep("qLearning", ({ q }, state) => ({
  value: Math.max(...(q[state] as Float64Array)),
}));
