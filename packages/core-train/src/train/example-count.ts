import { DataError } from "../data/data-error.ts";
import { leaves } from "../struct/leaves.ts";
import type { Batch } from "./batch.ts";

/**
 * How many examples a batch has: the first axis of the first tensor of its `x`; a scalar is one.
 *
 * @throws DataError where `x` has no tensor
 * @throws StructError where the batch holds what is not a structure
 */
export function exampleCount(caller: string, batch: Batch<unknown, unknown>): number {
  leaves(batch, `${caller}: batch`);
  const [first] = leaves(batch.x);
  if (first === undefined)
    throw new DataError(
      `${caller}: the x of a batch has no tensor, expected one at least: its first axis says how many examples there are.`,
    );
  return first.shape[0] ?? 1;
}
