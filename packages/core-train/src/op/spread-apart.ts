import { reshape, type Tensor } from "@tensorflow/tfjs-core";
import { padAlong } from "./pad-along.ts";
import { sliceAlong } from "./slice-along.ts";
import { sizeAlong } from "./size-along.ts";

/** Puts `stride - 1` zeros between the entries along `axis`. */
export function spreadApart(x: Tensor, axis: number, stride: number): Tensor {
  if (stride === 1) return x;
  const size = sizeAlong(x, axis);
  const alone = reshape(x, [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)]);
  const spread = reshape(padAlong(alone, axis + 1, [0, stride - 1]), x.shape.with(axis, size * stride));
  return sliceAlong(spread, axis, 0, (size - 1) * stride + 1);
}
