import { checkShape, clamp, OptionError } from "@pellucid/core-train";
import { add, div, log, mean, mul, sub, sum, type Scalar, type Tensor, tidy } from "@tensorflow/tfjs-core";

/**
 * How far the mean activation of each unit of a code is from a small `target` ρ: `Σ_j KL(ρ ‖ ρ̂_j)` of Bernoulli distributions, with
 * `ρ̂_j` the mean of unit `j` over the batch. Added to the loss, it makes a sparse autoencoder, of which few units are active for an example.
 * Ng, 2011. Sparse autoencoder. CS294A lecture notes.
 *
 * @param code `[batch, unit]`, 0 to 1, such as after a sigmoid; a mean is kept `1e-6` from 0 and 1, where the divergence is infinite
 */
export function sparsityPenalty(code: Tensor, target = 0.05): Scalar {
  checkShape("sparsityPenalty", "code", code, ["batch", "unit"]);
  if (typeof target !== "number" || !(target > 0 && target < 1))
    throw new OptionError("sparsityPenalty", "target", target, "between 0 and 1");
  return tidy(() => {
    const rho = clamp(mean(code, 0), 1e-6, 1 - 1e-6); //                             [unit], ρ̂
    const active = mul(target, log(div(target, rho))); //                            [unit]
    const inactive = mul(1 - target, log(div(1 - target, sub(1, rho)))); //          [unit]
    return sum(add(active, inactive)) as Scalar;
  });
}
