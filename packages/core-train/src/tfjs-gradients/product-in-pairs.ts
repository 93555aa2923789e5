import { concat, mul, ones, reshape, slice, type Tensor } from "@tensorflow/tfjs-core";
import { moveAxis } from "../op/move-axis.ts";
import { sizeAlong } from "../op/size-along.ts";

/** The product along an axis, which becomes one long. Multiplied in pairs, so that its gradient is right where there are zeros. */
export function productInPairs(x: Tensor, axis: number): Tensor {
  const last = moveAxis(x, axis, x.rank - 1);
  const length = sizeAlong(x, axis);
  const y = pairwise(reshape(last, [x.size / Math.max(length, 1), length])); // [rest, 1]
  return reshape(y, x.shape.with(axis, 1));
}

/** `[row, column]` -> `[row, 1]` */
function pairwise(x: Tensor): Tensor {
  const [rows = 0, columns = 0] = x.shape;
  if (columns === 0) return ones([rows, 1]);
  if (columns === 1) return x;
  const half = Math.floor(columns / 2);
  const pairs = mul(slice(x, [0, 0], [rows, half]), slice(x, [0, half], [rows, half]));
  if (columns % 2 === 0) return pairwise(pairs);
  return pairwise(concat([pairs, slice(x, [0, columns - 1], [rows, 1])], 1));
}
