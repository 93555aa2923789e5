import { reshape, sum, type Tensor } from "@tensorflow/tfjs-core";

/**
 * Sums `x` over the axes along which something of `shape` was broadcast to the shape of `x`: the gradient of
 * broadcasting.
 */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  const added = x.rank - shape.length;
  const axes = x.shape.flatMap((size, i) => (i < added || (shape[i - added] === 1 && size !== 1) ? [i] : []));
  return axes.length === 0 ? x : reshape(sum(x, axes), [...shape]);
}
