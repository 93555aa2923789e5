import { gradient, type Layer } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * The gradient of the sum of a critic's outputs with respect to its input, through which gradients flow.
 *
 * @param x `[batch, …]`
 * @returns the shape of `x`
 */
export function inputGradient<X extends Tensor>(critic: Layer<X, Tensor>, x: X): X {
  return gradient((at: X) => critic.forward(at))(x);
}
