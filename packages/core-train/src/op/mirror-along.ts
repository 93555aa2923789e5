import { mirrorPad, reshape, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { sizeAlong } from "./size-along.ts";

/** Lengthens `axis` by what is mirrored at its ends. On a view of rank 3: tfjs' own ends at rank 4 on WebGPU. */
export function mirrorAlong(x: Tensor, axis: number, [before, after]: readonly [number, number]): Tensor {
  const size = sizeAlong(x, axis);
  const shape = x.shape.with(axis, before + size + after);
  if (x.size === 0) return zeros(shape); // which tfjs cannot mirror
  const view = reshape(x, [sizeOf(x.shape.slice(0, axis)), size, sizeOf(x.shape.slice(axis + 1))]);
  const sides: [number, number][] = [
    [0, 0],
    [before, after],
    [0, 0],
  ];
  return reshape(mirrorPad(view, sides, "reflect"), shape);
}
