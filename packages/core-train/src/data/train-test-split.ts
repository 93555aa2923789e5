import type { Shuffler } from "../rng/numpy-random.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { Subset } from "./subset.ts";
import { checkOptions } from "../check-options.ts";
import { checkArguments } from "../check-arguments.ts";

/** Options for {@link trainTestSplit}. */
export interface TrainTestSplitOptions {
  /** `new NumpyRandom(42)` for scikit-learn's `random_state=42`, or an `Rng`. */
  readonly rng: Shuffler;
  /** A share below 1, rounded up, or a number of items. Default: 0.25. */
  readonly testSize?: number;
}

/** A training and a test set. */
export interface TrainTest<Item> {
  readonly train: Subset<Item>;
  readonly test: Subset<Item>;
}

/**
 * Splits a dataset at random, in scikit-learn's order where `rng` is a {@link NumpyRandom}.
 *
 * ```ts
 * const { train, test } = trainTestSplit(diabetes, { testSize: 0.2, rng: new NumpyRandom(42) });
 * ```
 *
 * @throws DataError where either part would be empty
 */
export function trainTestSplit<Item>(
  dataset: Dataset<Item>,
  options: TrainTestSplitOptions,
): TrainTest<Item> {
  checkOptions("trainTestSplit", options, ["rng", "testSize"]);
  checkArguments("trainTestSplit", { "{ length, get }": { dataset }, "{ randperm }": { rng: options.rng } });
  const { rng, testSize = 0.25 } = options;
  const { length } = dataset;
  const count = testSize < 1 ? Math.ceil(testSize * length) : testSize;
  if (!Number.isInteger(count) || count < 1 || count >= length)
    throw new DataError(
      `trainTestSplit: testSize is ${testSize} of ${length} items, expected a share between 0 and 1 or fewer items, so that both parts have some.`,
    );
  const order = rng.randperm(length);
  return {
    test: new Subset(dataset, order.subarray(0, count)),
    train: new Subset(dataset, order.subarray(count)),
  };
}
