import { checkSizes } from "../check-values.ts";
import type { Shuffler } from "../rng/numpy-random.ts";
import { DataError } from "./data-error.ts";

/** Options for {@link kFold} and {@link stratifiedKFold}. */
export interface KFoldOptions {
  /** Shuffles first; `new NumpyRandom(0)` for scikit-learn's `shuffle=True, random_state=0`. Default: no shuffling. */
  readonly rng?: Shuffler;
}

/** Indices of the training and test items, each in ascending order. */
export interface KFoldSplit {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Splits items `k` times so that each is in one test set, as scikit-learn's `KFold`.
 *
 * ```ts
 * for (const { train, test } of kFold(digits.length, 5)) await run(new Subset(digits, train), new Subset(digits, test));
 * ```
 *
 * @throws DataError unless 2 ≤ k ≤ length
 */
export function kFold(length: number, k: number, { rng }: KFoldOptions = {}): KFoldSplit[] {
  checkFolds("kFold", length, k);
  const order = rng?.randperm(length) ?? Int32Array.from({ length }, (_, i) => i);
  const foldOf = new Int32Array(length);
  for (let fold = 0, start = 0; fold < k; fold++) {
    const size = Math.floor(length / k) + (fold < length % k ? 1 : 0);
    for (const item of order.subarray(start, start + size)) foldOf[item] = fold;
    start += size;
  }
  return foldsOf(foldOf, k);
}

/** Turns the fold of each item into indices. */
export function foldsOf(foldOf: Int32Array, k: number): KFoldSplit[] {
  const items = Int32Array.from(foldOf.keys());
  return Array.from({ length: k }, (_, fold) => ({
    train: items.filter((item) => foldOf[item] !== fold),
    test: items.filter((item) => foldOf[item] === fold),
  }));
}

/** Throws a {@link DataError} unless 2 ≤ k ≤ length. */
export function checkFolds(caller: string, length: number, k: number): void {
  checkSizes(caller, { length }, 0);
  if (!Number.isInteger(k) || k < 2 || k > length)
    throw new DataError(`${caller}: k is ${k}, expected an integer from 2 to the ${length} items.`);
}
