import { reshape, slice, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { sizeAlong } from "./size-along.ts";

/**
 * `length` entries along `axis`, from `start` on. Of a view of rank 3: tfjs' slice has a wrong gradient on WebGPU from rank 5
 * on, where it pads.
 */
export function sliceAlong(x: Tensor, axis: number, start: number, length: number): Tensor {
  if (x.size === 0) return zeros(x.shape.with(axis, length)); // which tfjs cannot slice
  const outer = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  const view = reshape(x, [outer, sizeAlong(x, axis), inner]);
  return reshape(slice(view, [0, start, 0], [outer, length, inner]), x.shape.with(axis, length));
}
