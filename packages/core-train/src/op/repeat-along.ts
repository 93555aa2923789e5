import { reshape, type Tensor, tile } from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { sizeAlong } from "./size-along.ts";

/** Repeats every entry along `axis`, each `times` times in a row. */
export function repeatAlong(x: Tensor, axis: number, times: number): Tensor {
  const outer = sizeOf(x.shape.slice(0, axis + 1));
  const apart = reshape(x, [outer, 1, sizeOf(x.shape.slice(axis + 1))]);
  return reshape(tile(apart, [1, times, 1]), x.shape.with(axis, sizeAlong(x, axis) * times));
}
