import { sizeAlong } from "@pellucid/core-train";
import { concat, reshape, Tensor } from "@tensorflow/tfjs-core";

/** `count` whole copies of a batch, one after the other: `[count · batch, …]`. To be called in a `tidy`. */
export function copies<X extends Tensor>(x: X, count: number): X {
  return (count === 1 ? x : concat(new Array<Tensor>(count).fill(x), 0)) as X;
}

/** `[count · batch, …]` → `[count, batch, …]` */
export function apart(x: Tensor, batch: number): Tensor {
  return reshape(x, [sizeAlong(x, 0) / batch, batch, ...x.shape.slice(1)]);
}

/** Whether whole copies of `x` can be made one after the other along its first axis: of a structure not, it may hold indices. */
export function isRepeatable(x: unknown): x is Tensor {
  return x instanceof Tensor;
}
