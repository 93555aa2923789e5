import { cumsum as runningSum, type Tensor } from "@tensorflow/tfjs-core";
import { resolveAxis } from "./resolve-axis.ts";

/**
 * The running sum along an axis, as `torch.cumsum`.
 *
 * @returns of the shape of `x`
 */
export function cumsum<T extends Tensor>(x: T, axis: number): T {
  return runningSum(x, resolveAxis("cumsum", axis, x));
}
