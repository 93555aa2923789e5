import { checkOptions, OptionError } from "@pellucid/core-train";
import { checkChurn, churned, type ChurnOptions } from "./churn.ts";
import type { Solver } from "./solver.ts";

/**
 * Heun's method for the differential equation of the noise level: an Euler step, then one by the mean of the derivatives at both
 * ends. It evaluates the model twice a step; a step to a level without noise is Euler's, since the derivative divides by the level.
 *
 * Karras et al., 2022, algorithms 1 and 2. https://arxiv.org/abs/2206.00364
 */
export function heun(options: ChurnOptions = {}): Solver {
  checkOptions("heun", options, ["churn", "churnMin", "churnMax", "churnNoise"]);
  checkChurn("heun", options);
  return (step) => {
    const { to, denoise, combine } = step;
    const { x, from } = churned("heun", step, options);
    if (from.alpha === 0)
      throw new OptionError("heun", "alpha", 0, "above 0: use ddim or dpmSolver from a level without signal");
    const { x0 } = denoise(x, from);
    const [start, end] = [from.sigma / from.alpha, to.sigma / to.alpha]; // noise to signal
    const along = to.sigma / from.sigma;
    const first = combine([along, x], [to.alpha - from.alpha * along, x0]);
    if (to.sigma === 0) return { x: first, x0 };
    const { x0: next } = denoise(first, to);
    const half = (to.alpha * (end - start)) / 2;
    // α′ (x / α + (end − start) / 2 · ((x / α − x₀) / start + (first / α′ − x₀′) / end))
    return {
      x: combine(
        [to.alpha / from.alpha + half / (start * from.alpha), x],
        [-half / start, x0],
        [half / (end * to.alpha), first],
        [-half / end, next],
      ),
      x0,
    };
  };
}
