import { DataError } from "./data-error.ts";
import { checkFolds, type KFoldSplit, foldsOf, type KFoldOptions } from "./k-fold.ts";
import { checkArguments } from "../check-arguments.ts";

/**
 * Splits items `k` times so that each is in one test set and each fold has about the same share of every class, as
 * scikit-learn's `StratifiedKFold`.
 *
 * @param labels the class of each item
 * @throws DataError unless some class has `k` items
 */
export function stratifiedKFold(
  labels: ArrayLike<number>,
  k: number,
  { rng }: KFoldOptions = {},
): KFoldSplit[] {
  checkArguments("stratifiedKFold", { numbers: { labels } });
  checkFolds("stratifiedKFold", labels.length, k);
  const classes = new Map<number, number[]>();
  for (let item = 0; item < labels.length; item++) {
    const label = labels[item] ?? NaN;
    const items = classes.get(label);
    if (items === undefined) classes.set(label, [item]);
    else items.push(item);
  }
  const largest = [...classes.values()].reduce((most, items) => Math.max(most, items.length), 0);
  if (largest < k)
    throw new DataError(`stratifiedKFold: k is ${k}, but no class has more than ${largest} items.`);
  const foldOf = new Int32Array(labels.length);
  let dealt = 0; // as cards are, from class to class
  for (const items of classes.values()) {
    const counts = new Int32Array(k);
    for (let i = 0; i < items.length; i++, dealt++) counts[dealt % k] = (counts[dealt % k] ?? 0) + 1;
    const folds = [...counts].flatMap((count, fold) => new Array<number>(count).fill(fold));
    const order = rng?.randperm(items.length);
    for (const [i, item] of items.entries()) foldOf[item] = folds[order?.[i] ?? i] ?? 0;
  }
  return foldsOf(foldOf, k);
}
