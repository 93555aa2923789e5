import { cast, equal, mul, range, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { sizeAlong } from "./size-along.ts";

/** Zeros of `shape` but for one number of `dy` at each of `indices` along `axis`: the gradient of picking. */
export function scatterAlong(dy: Tensor, indices: Tensor, axis: number, shape: readonly number[]): Tensor {
  const kept = shape.map((size, i) => (i === axis ? 1 : size));
  const positions = reshape(
    range(0, sizeAlong({ shape }, axis), 1, "int32"),
    shape.map((size, i) => (i === axis ? size : 1)),
  );
  return mul(reshape(dy, kept), cast(equal(reshape(indices, kept), positions), "float32"));
}
