import { pad, reshape, slice, type Tensor } from "@tensorflow/tfjs-core";

/** Puts `stride - 1` zeros between the entries along `axis`. */
export function spreadApart(x: Tensor, axis: number, stride: number): Tensor {
  if (stride === 1) return x;
  const size = x.shape[axis] as number;
  const outer = x.shape.slice(0, axis + 1).reduce((a, b) => a * b, 1);
  const padded = pad(reshape(x, [outer, 1, x.size / outer]), [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  const spread = reshape(padded, x.shape.with(axis, size * stride));
  return slice(
    spread,
    x.shape.map(() => 0),
    x.shape.with(axis, (size - 1) * stride + 1),
  );
}
