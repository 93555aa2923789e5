import { cumprod as runningProduct, type Tensor } from "@tensorflow/tfjs-core";
import { resolveAxis } from "./resolve-axis.ts";

/**
 * The running product along an axis, as `torch.cumprod`, with a gradient that is right where there are zeros.
 *
 * @returns of the shape of `x`
 */
export function cumprod<T extends Tensor>(x: T, axis: number): T {
  return runningProduct(x, resolveAxis("cumprod", axis, x));
}
