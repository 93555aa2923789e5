import { cast, div, equal, mul, reshape, sum, type Tensor } from "@tensorflow/tfjs-core";

/** The gradient at `x` of its extreme value `y` along `axes`: those equal to it share `dy` evenly. */
export function splitAmongTies(dy: Tensor, x: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  // Times 1, since on WebGPU what is cast from a bool cannot be transposed, as a sum over the first axes does.
  const tied = mul(cast(equal(x, reshape(y, kept)), "float32"), 1);
  return mul(reshape(dy, kept), div(tied, sum(tied, [...axes], true)));
}
