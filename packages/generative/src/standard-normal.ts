import type { Rng } from "@pellucid/core-train";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";

/** Draws from the standard normal distribution, as `torch.randn` of this shape. */
export function standardNormal(shape: readonly number[], rng: Rng): Tensor {
  return tensor(rng.randn(shape).data, [...shape]);
}
