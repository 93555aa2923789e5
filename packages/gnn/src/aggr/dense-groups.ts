import { concat, fill, reshape, type Tensor, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import type { EdgeList } from "../graph/edge-list.ts";
import { gatherRows } from "../propagate/gather-rows.ts";

/** The rows of each group side by side, in their order, then `fillValue`: `[group, longest, feature]`. */
export function denseGroups(x: Tensor2D, groups: EdgeList, size: number, fillValue: number): Tensor3D {
  const { at, longest } = groups.derive(`dense ${size}`, () => arrange(groups, size));
  const features = x.shape[1];
  const padded = concat([x, fill([1, features], fillValue)], 0); // [row + 1, feature]
  return reshape(gatherRows(padded, at), [size, longest, features]);
}

/** The number of rows of the largest group. */
export function longestGroup(groups: EdgeList, size: number): number {
  return groups.derive(`dense ${size}`, () => arrange(groups, size)).longest;
}

function arrange(groups: EdgeList, size: number): { readonly at: Int32Array; readonly longest: number } {
  const { ptr, edge } = groups.byTarget(size);
  let longest = 0;
  for (let i = 0; i < size; i++) longest = Math.max(longest, (ptr[i + 1] ?? NaN) - (ptr[i] ?? NaN));
  const at = new Int32Array(size * longest).fill(groups.length);
  for (let i = 0; i < size; i++)
    for (let k = ptr[i] ?? NaN; k < (ptr[i + 1] ?? NaN); k++)
      at[i * longest + k - (ptr[i] ?? NaN)] = edge[k] ?? NaN;
  return { at, longest };
}

/** Any number of axes as two: `[row, …]` -> `[row, feature]`. */
export function asTable(x: Tensor): Tensor2D {
  const [rows = 0, ...rest] = x.shape;
  return reshape(x, [rows, rest.reduce((product, n) => product * n, 1)]);
}
