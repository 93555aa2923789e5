import { pad, reshape, slice, type Tensor } from "@tensorflow/tfjs-core";

/** Every `stride`-th of the entries along `axis`, `count` of them, from `start` on. */
export function stridedSlice(x: Tensor, axis: number, start: number, count: number, stride: number): Tensor {
  const origin = x.shape.map((_, i) => (i === axis ? start : 0));
  const span = (count - 1) * stride + 1;
  const dense = slice(x, origin, x.shape.with(axis, span));
  if (stride === 1) return dense;
  const outer = x.shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const whole = pad(reshape(dense, [outer, span, inner]), [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  const first = slice(reshape(whole, [outer * count, stride, inner]), [0, 0, 0], [outer * count, 1, inner]);
  return reshape(first, x.shape.with(axis, count));
}
