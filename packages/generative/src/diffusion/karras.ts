import { checkNotNegative, checkOptions, checkPositive, checkSizes, OptionError } from "@pellucid/core-train";
import type { NoiseLevel } from "../sampler/noise-level.ts";

/** Options for {@link karrasLevels}. */
export interface KarrasLevelsOptions {
  /** The last standard deviation before 0. Default: 0.002. */
  readonly sigmaMin?: number;
  /** The first. Default: 80. */
  readonly sigmaMax?: number;
  /** How much the levels crowd at the low end. Default: 7. */
  readonly rho?: number;
}

/**
 * Noise levels of `x = x₀ + σ ε`, dense where the picture is decided, and 0 at the end:
 * `σ_i = (σ_max^(1/ρ) + i / (n − 1) · (σ_min^(1/ρ) − σ_max^(1/ρ)))^ρ`.
 *
 * Karras et al., 2022, eq. 5. https://arxiv.org/abs/2206.00364
 *
 * @returns `steps + 1` levels
 */
export function karrasLevels(steps: number, options: KarrasLevelsOptions = {}): NoiseLevel[] {
  checkSizes("karrasLevels", { steps });
  checkOptions("karrasLevels", options, ["sigmaMin", "sigmaMax", "rho"]);
  const { sigmaMin = 0.002, sigmaMax = 80, rho = 7 } = options;
  checkPositive("karrasLevels", { sigmaMin, sigmaMax, rho });
  if (sigmaMin >= sigmaMax)
    throw new OptionError("karrasLevels", "sigmaMin", sigmaMin, `a number below sigmaMax (${sigmaMax})`);
  const [high, low] = [sigmaMax ** (1 / rho), sigmaMin ** (1 / rho)];
  const share = (i: number): number => (steps === 1 ? 0 : i / (steps - 1));
  const sigmas = Array.from({ length: steps }, (_, i) => (high + share(i) * (low - high)) ** rho);
  return [...sigmas, 0].map(karrasLevel);
}

/** The level of `x = x₀ + σ ε`. */
export function karrasLevel(sigma: number): NoiseLevel {
  return { alpha: 1, sigma, time: sigma };
}

/** Around a network: `x₀ = skip · x + out · net(in · x, noise)`. */
export interface Preconditioning {
  readonly skip: number;
  readonly out: number;
  readonly in: number;
  /** What the network is given as the time. */
  readonly noise: number;
  /** The weight of the squared error of `x₀`. */
  readonly lossWeight: number;
}

/**
 * Scales a network's input, output and loss to variance 1 at every noise level.
 *
 * Karras et al., 2022, table 1. https://arxiv.org/abs/2206.00364
 *
 * @param sigmaData the standard deviation of the examples
 */
export function edmPreconditioning(sigma: number, sigmaData = 0.5): Preconditioning {
  checkPositive("edmPreconditioning", { sigma, sigmaData });
  const total = sigma ** 2 + sigmaData ** 2;
  return {
    skip: sigmaData ** 2 / total,
    out: (sigma * sigmaData) / Math.sqrt(total),
    in: 1 / Math.sqrt(total),
    noise: Math.log(sigma) / 4,
    lossWeight: total / (sigma * sigmaData) ** 2,
  };
}

/**
 * As {@link edmPreconditioning}, such that at `sigmaMin` the result is the input: `skip` is 1 and `out` is 0 there.
 *
 * Song et al., 2023, appendix C. https://arxiv.org/abs/2303.01469
 */
export function consistencyPreconditioning(
  sigma: number,
  sigmaData = 0.5,
  sigmaMin = 0.002,
): Preconditioning {
  const edm = edmPreconditioning(sigma, sigmaData);
  checkNotNegative("consistencyPreconditioning", { sigmaMin });
  const above = sigma - sigmaMin;
  return {
    ...edm,
    skip: sigmaData ** 2 / (above ** 2 + sigmaData ** 2),
    out: (above * sigmaData) / Math.sqrt(sigma ** 2 + sigmaData ** 2),
  };
}
