import { cast, neg, type Tensor, tidy, topk as largestOfLast } from "@tensorflow/tfjs-core";
import { ShapeError } from "../shape-error.ts";
import type { Extremes } from "./max.ts";
import { moveAxis } from "./move-axis.ts";
import { resolveAxis } from "./resolve-axis.ts";
import { sizeAlong } from "./size-along.ts";

/**
 * The `k` largest numbers along an axis, largest first, and where they are, as `torch.topk`. Of those that tie the first
 * comes first.
 *
 * @param axis Default: the last.
 * @param largest Whether the largest are wanted, or the smallest. Default: true.
 * @throws ShapeError when there are not as many
 */
export function topk<T extends Tensor>(x: T, k: number, axis = -1, largest = true): Extremes<T> {
  const along = resolveAxis("topk", axis, x.rank);
  const length = sizeAlong(x, along);
  if (!Number.isInteger(k) || k < 0 || k > length) {
    throw new ShapeError(
      `topk: k is ${k}, but x is [${x.shape.join(", ")}]: expected an integer from 0 to ${length} for axis ${along}.`,
    );
  }
  return tidy(() => {
    const moved = moveAxis(x, along, x.rank - 1);
    const { values, indices } = largestOfLast(largest ? moved : neg(moved), k, true);
    const [taken, positions] = [largest ? values : neg(values), cast(indices, "int32")];
    return {
      values: moveAxis(taken, x.rank - 1, along) as T,
      indices: moveAxis(positions, x.rank - 1, along) as T,
    };
  });
}
