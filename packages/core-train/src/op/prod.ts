import { prod as product, type Tensor } from "@tensorflow/tfjs-core";
import { resolveAxes } from "./resolve-axis.ts";

/**
 * The product along an axis, as `torch.prod`; without an axis, of all numbers. Its gradient is right where there are zeros.
 */
export function prod<T extends Tensor>(x: Tensor, axis?: number, keepDims = false): T {
  return product(x, resolveAxes("prod", axis, x), keepDims);
}
