import { checkOptions } from "@pellucid/core-train";
import { checkChurn, churned, type ChurnOptions } from "./churn.ts";
import type { Solver } from "./solver.ts";

/**
 * Euler's method for the differential equation of the noise level: `x ← x + (σ′ − σ) (x − x₀) / σ`, in `x / α` and `σ / α`. Without
 * churn it takes the steps of {@link ddim} without noise.
 *
 * Karras et al., 2022, algorithm 1 without its correction. https://arxiv.org/abs/2206.00364
 */
export function euler(options: ChurnOptions = {}): Solver {
  checkOptions("euler", options, ["churn", "churnMin", "churnMax", "churnNoise"]);
  checkChurn("euler", options);
  return (step) => {
    const { to, denoise, combine } = step;
    const { x, from } = churned("euler", step, options);
    const { x0 } = denoise(x, from);
    const along = to.sigma / from.sigma;
    return { x: combine([along, x], [to.alpha - from.alpha * along, x0]), x0 };
  };
}
