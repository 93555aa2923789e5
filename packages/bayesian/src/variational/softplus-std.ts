import { softplus } from "@pellucid/core-train";
import { less, log, type Tensor, tidy, where } from "@tensorflow/tfjs-core";

/** Below this, `log(softplus ρ)` is `ρ` to all digits of 32 bits. */
const linear = -17;

/** The standard deviation of a parameter `ρ`: `σ = log(1 + exp ρ)`, without overflow. */
export function stdOf<X extends Tensor>(rho: X): X {
  return softplus(rho);
}

/** `log σ`, finite also where `σ` is too small for 32 bits. */
export function logStdOf<X extends Tensor>(rho: X): X {
  return tidy(() => where(less(rho, linear), rho, log(stdOf(where(less(rho, linear), 0, rho)))));
}
