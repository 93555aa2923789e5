import { checkArguments, checkFinite, checkShape } from "@pellucid/core-train";
import { add, div, type Scalar, square, sub, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Prior } from "./prior.ts";
import { logStdOf, stdOf } from "./softplus-std.ts";

/**
 * The Kullback–Leibler divergence `KL(q‖p)` from weights `N(μ, softplus(ρ)²)` to their prior, summed over the weights:
 * `Σ log(σ_p / σ) + (σ² + (μ − μ_p)²) / (2 σ_p²) − ½`. A sum, not a mean, which would weaken the prior by the number of weights.
 *
 * Blundell et al., 2015. https://arxiv.org/abs/1505.05424
 */
export function gaussianKlSum(mean: Tensor, rho: Tensor, prior: Required<Prior>): Scalar {
  checkArguments("gaussianKlSum", { tensor: { mean, rho }, record: { prior } });
  checkFinite("gaussianKlSum", { "prior.mean": prior.mean, "prior.std": prior.std });
  checkShape("gaussianKlSum", "rho", rho, mean.shape);
  return tidy(() => {
    const spread = add(square(stdOf(rho)), square(sub(mean, prior.mean)));
    const each = add(sub(Math.log(prior.std) - 0.5, logStdOf(rho)), div(spread, 2 * prior.std ** 2));
    return sum<Scalar>(each);
  });
}
