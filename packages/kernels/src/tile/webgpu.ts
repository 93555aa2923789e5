import { reshape, type Tensor, Tile, tile as repeat } from "@tensorflow/tfjs-core";
import { type ComposedKernel, defineComposedKernel } from "../composed/define-composed-kernel.ts";
import { sizeAlong } from "../size-along.ts";

/** tfjs' own reads from the GPU, at once, what it is to repeat from rank 5 on: slow in a browser, impossible in Node. */
export const tile: readonly ComposedKernel[] = [
  defineComposedKernel<{ x: Tensor }, { readonly reps: readonly number[] }>(Tile, ({ x }, { reps }) => {
    if (x.rank < 5) return null;
    const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
    return reps.reduce<Tensor>((y, times, axis) => {
      if (times === 1) return y;
      const size = sizeAlong(y.shape, axis);
      const rows = reshape(y, [sizeOf(y.shape.slice(0, axis)), 1, sizeOf(y.shape.slice(axis))]);
      return reshape(repeat(rows, [1, times, 1]), y.shape.with(axis, size * times));
    }, x.clone());
  }),
];
