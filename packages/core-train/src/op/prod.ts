import { concat, mul, ones, reshape, slice, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { moveAxis } from "./move-axis.ts";
import { resolveAxis } from "./resolve-axis.ts";

/**
 * The product along an axis, as `torch.prod`; without an axis, of all numbers. Multiplied in pairs, so that its gradient is
 * right where there are zeros; tfjs' own has none that runs.
 */
export function prod<T extends Tensor>(x: Tensor, axis?: number, keepDims = false): T {
  return tidy(() => {
    if (axis === undefined) return reshape(pairwise(reshape(x, [1, x.size])), []);
    const along = resolveAxis("prod", axis, x.rank);
    const last = moveAxis(x, along, x.rank - 1);
    const length = x.shape[along] as number;
    const y = pairwise(reshape(last, [x.size / Math.max(length, 1), length])); // [rest, 1]
    const shape = keepDims ? x.shape.with(along, 1) : x.shape.toSpliced(along, 1);
    return reshape(y, shape);
  }) as T;
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
