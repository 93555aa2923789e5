import { greedyAction } from "./q-table.ts";
import { oneStep } from "./one-step.ts";

/**
 * {@link sarsa} with the mean over the next actions in place of the one that is taken, which varies less. Yields each episode.
 *
 * Van Seijen et al., 2009. Sutton and Barto, 2018, section 6.6. https://doi.org/10.1109/ADPRL.2009.4927542
 */
export const expectedSarsa = oneStep("expectedSarsa", ({ q, epsilon }, state) => {
  const row = q[state] as Float64Array;
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const best = row[greedyAction(row)] ?? NaN;
  return { value: (1 - epsilon()) * best + epsilon() * mean };
});
