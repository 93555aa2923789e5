import { pad, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { sizeAlong } from "./size-along.ts";

/** Lengthens `axis` by a constant. On a view of rank 3: tfjs' pad gives zeros on WebGPU from rank 5 on. */
export function padAlong(
  x: Tensor,
  axis: number,
  [before, after]: readonly [number, number],
  value = 0,
): Tensor {
  if (before === 0 && after === 0) return x;
  const size = sizeAlong(x, axis);
  const view = reshape(x, [sizeOf(x.shape.slice(0, axis)), size, sizeOf(x.shape.slice(axis + 1))]);
  const padded = pad(
    view,
    [
      [0, 0],
      [before, after],
      [0, 0],
    ],
    value,
  );
  return reshape(padded, x.shape.with(axis, before + size + after));
}
