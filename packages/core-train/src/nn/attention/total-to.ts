import { reshape, sum, type Tensor } from "@tensorflow/tfjs-core";

/** Sums over the axes along which something of `shape` was broadcast. */
export function totalTo(x: Tensor, shape: readonly number[]): Tensor {
  const axes = shape.flatMap((size, axis) => (size === 1 && x.shape[axis] !== 1 ? [axis] : []));
  return axes.length === 0 ? x : reshape(sum(x, axes, true), [...shape]);
}
