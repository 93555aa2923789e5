import { prod as product, reshape, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { resolveAxes } from "./resolve-axis.ts";

/**
 * The product along an axis, as `torch.prod`; without an axis, of all numbers. Its gradient is right where there are zeros.
 */
export function prod<T extends Tensor>(x: Tensor, axis?: number, keepDims = false): T {
  const axes = resolveAxes("prod", axis, x.rank);
  const kept = x.shape.map((length, at) => (axes.includes(at) ? 1 : length));
  return tidy(() => {
    const y = product<T>(x, axes); // tfjs' WebGPU forgets to keep the axes of a small tensor
    return keepDims ? (reshape(y, kept) as T) : y;
  });
}
