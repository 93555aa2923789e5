import { checkRecord } from "../check-record.ts";
import { checkRng } from "../check-values.ts";
import type { Rng } from "../rng/rng.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { Subset } from "./subset.ts";

/** Random generator of the split. */
export interface RandomSplitOptions {
  readonly rng: Rng;
}

/**
 * Splits a dataset at random, as `torch.utils.data.random_split`.
 *
 * ```ts
 * const [train, validation] = randomSplit(digits, [0.8, 0.2], { rng: new Rng(42) });
 * ```
 *
 * @param lengths of the parts, or fractions that sum to one
 * @throws DataError for lengths that do not sum to the dataset's
 */
export function randomSplit<Item, const Lengths extends readonly number[]>(
  dataset: Dataset<Item>,
  lengths: Lengths,
  options: RandomSplitOptions,
): { -readonly [I in keyof Lengths]: Subset<Item> } {
  checkRng("randomSplit", options);
  checkRecord("randomSplit", "dataset", dataset, ["length", "get"]);
  checkRng("randomSplit", options);
  if (!Array.isArray(lengths)) throw new DataError("randomSplit: the lengths are not an array.");
  const counts = countsOf(dataset.length, lengths);
  const order = options.rng.randperm(dataset.length);
  let start = 0;
  const parts = counts.map((count) => new Subset(dataset, order.subarray(start, (start += count))));
  return parts as { -readonly [I in keyof Lengths]: Subset<Item> };
}

function countsOf(length: number, lengths: readonly number[]): readonly number[] {
  const sum = lengths.reduce((total, part) => total + part, 0);
  const fractions = Math.abs(sum - 1) <= 1e-9 && sum <= 1;
  const counts = fractions ? lengths.map((fraction) => Math.floor(length * fraction)) : [...lengths];
  const valid = counts.every((count) => Number.isInteger(count) && count >= 0);
  const left = length - counts.reduce((total, count) => total + count, 0);
  if (!valid || (!fractions && left !== 0))
    throw new DataError(
      `randomSplit: the lengths are ${lengths.join(", ")}, expected integers that sum to ${length}, or fractions that sum to 1.`,
    );
  return counts.map(
    (count, i) => count + Math.floor(left / counts.length) + (i < left % counts.length ? 1 : 0),
  );
}
