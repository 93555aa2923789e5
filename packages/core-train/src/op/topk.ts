import {
  cast,
  isNaN,
  maximum,
  minimum,
  neg,
  type Tensor,
  tidy,
  topk as largestOfLast,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import { noGrad } from "../no-grad.ts";
import { ShapeError } from "../shape-error.ts";
import type { Extremes } from "./max.ts";
import { moveAxis } from "./move-axis.ts";
import { resolveAxis } from "./resolve-axis.ts";
import { sizeAlong } from "./size-along.ts";
import { takeUnchecked } from "./take-unchecked.ts";

/**
 * The `k` largest numbers along an axis, largest first, and where they are, as `torch.topk`. Of those that tie the first
 * comes first, and NaN counts as larger than all.
 *
 * @param axis Default: the last.
 * @param largest Whether the largest are wanted, or the smallest. Default: true.
 * @throws ShapeError when there are not as many
 */
export function topk<T extends Tensor>(x: T, k: number, axis = -1, largest = true): Extremes<T> {
  const along = resolveAxis("topk", axis, x);
  const length = sizeAlong(x, along);
  if (!Number.isInteger(k) || k < 0 || k > length) {
    throw new ShapeError(
      `topk: k is ${k}, but x is [${x.shape.join(", ")}]: expected an integer from 0 to ${length} for axis ${along}.`,
    );
  }
  return tidy(() => {
    const shape = x.shape.with(along, k);
    if (shape.includes(0)) {
      return { values: zeros(shape, x.dtype) as T, indices: zeros(shape, "int32") as T };
    }
    const indices = noGrad(() => {
      const moved = moveAxis(x, along, x.rank - 1);
      const { indices: inLast } = largestOfLast(sortable(largest ? moved : neg(moved), largest), k, true);
      return moveAxis(cast(inLast, "int32"), x.rank - 1, along) as T;
    });
    return { values: takeUnchecked(x, indices, along), indices };
  });
}

/** The same order among finite numbers: NaN is beyond all at one end, and infinities are next to it, since tfjs subtracts to compare. */
function sortable(x: Tensor, isNaNFirst: boolean): Tensor {
  if (x.dtype !== "float32") return x;
  return where(isNaN(x), isNaNFirst ? LARGEST : -LARGEST, minimum(maximum(x, -SECOND), SECOND));
}

/** The largest finite number of 32 bits, and the one below it. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const SECOND = (2 - 2 ** -22) * 2 ** 127;
