import { reshape, type Tensor } from "@tensorflow/tfjs-core";
import { padAlong } from "./pad-along.ts";
import { sliceAlong } from "./slice-along.ts";

/** Every `stride`-th of the entries along `axis`, `count` of them, from `start` on. */
export function stridedSlice(x: Tensor, axis: number, start: number, count: number, stride: number): Tensor {
  const dense = sliceAlong(x, axis, start, (count - 1) * stride + 1);
  if (stride === 1) return dense;
  const whole = padAlong(dense, axis, [0, stride - 1]);
  const apart = reshape(whole, [...x.shape.slice(0, axis), count, stride, ...x.shape.slice(axis + 1)]);
  return reshape(sliceAlong(apart, axis + 1, 0, 1), x.shape.with(axis, count));
}
