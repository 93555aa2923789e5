import { checkNotNegative, checkOptions } from "@pellucid/core-train";
import { bridgeDeviation } from "./bridge-deviation.ts";
import type { Solver } from "./solver.ts";

/** Options for {@link ddim}. */
export interface DdimOptions {
  /** The share of the noise of {@link ddpm} that is added: 0 adds none, 1 is DDPM's. Default: 0. */
  readonly eta?: number;
}

/**
 * The implicit sampler: it goes along the noise that the model finds.
 *
 *     x ← α′ x₀ + √(σ′² − s²) ε + s z,   ε = (x − α x₀) / σ,   s = η (σ′ / σ) √(σ² − (α / α′)² σ′²)
 *
 * `ε` is derived from the estimate as it is used. So where the estimate is clipped, `ε` is too, without which 50 steps give noise.
 * Song et al., 2020, eq. 12. https://arxiv.org/abs/2010.02502
 */
export function ddim(options: DdimOptions = {}): Solver {
  checkOptions("ddim", options, ["eta"]);
  const { eta = 0 } = options;
  checkNotNegative("ddim", { eta });
  return ({ x, from, to, denoise, noise, combine }) => {
    const { x0 } = denoise(x, from);
    const added = Math.min(eta * bridgeDeviation(from, to), to.sigma);
    const along = Math.sqrt(to.sigma ** 2 - added ** 2) / from.sigma;
    const moved = [[along, x] as const, [to.alpha - from.alpha * along, x0] as const];
    return { x: added > 0 ? combine(...moved, [added, noise()]) : combine(...moved), x0 };
  };
}
