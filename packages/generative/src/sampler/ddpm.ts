import { checkChoice, checkOptions } from "@pellucid/core-train";
import { bridgeDeviation, forwardVariance } from "./bridge-deviation.ts";
import type { Solver } from "./solver.ts";

/** Options for {@link ddpm}. */
export interface DdpmOptions {
  /** The variance of a step, where the model has not learned it: that of the posterior (`"small"`) or `β` (`"large"`). Default: `"small"`. */
  readonly variance?: "small" | "large";
}

/**
 * Ancestral sampling: each step draws from the posterior `q(x′ | x, x₀)` at the model's estimate; the last one adds no noise.
 *
 *     x ← (α σ′² / (α′ σ²)) x + (α′ β / σ²) x₀ + √β̃ z,   β = σ² − (α / α′)² σ′²,   β̃ = β σ′² / σ²
 *
 * Ho et al., 2020, eq. 7. https://arxiv.org/abs/2006.11239
 */
export function ddpm(options: DdpmOptions = {}): Solver {
  checkOptions("ddpm", options, ["variance"]);
  const { variance = "small" } = options;
  checkChoice("ddpm", "variance", variance, ["small", "large"]);
  return ({ x, from, to, denoise, noise, combine }) => {
    const { x0, scaleNoise } = denoise(x, from);
    const beta = forwardVariance(from, to);
    const ofX = ((from.alpha / to.alpha) * to.sigma ** 2) / from.sigma ** 2;
    const ofX0 = (to.alpha * beta) / from.sigma ** 2;
    if (to.sigma === 0) return { x: combine([ofX, x], [ofX0, x0]), x0 };
    const deviation = variance === "small" ? bridgeDeviation(from, to) : Math.sqrt(beta);
    const drawn = noise();
    const added =
      scaleNoise === undefined ? ([deviation, drawn] as const) : ([1, scaleNoise(drawn)] as const);
    return { x: combine([ofX, x], [ofX0, x0], added), x0 };
  };
}
