import { Rng } from "../rng/rng.ts";
import type { Dataset } from "./dataset.ts";

/**
 * Changes every item as it is loaded: normalizes it, or draws a new view of it each epoch.
 *
 * ```ts
 * const augment = compose(randomCrop(32, { padding: 4 }), randomHorizontalFlip());
 * const views = mapDataset(photos, ({ x, y }, rng) => ({ x: augment(toFloat(x), rng), y }));
 * ```
 *
 * @param transform gets the item's own generator. An item that is looked at outside of {@link batches} gets one that is
 *   seeded by its number
 */
export function mapDataset<In, Out>(
  dataset: Dataset<In>,
  transform: (item: In, rng: Rng) => Out | Promise<Out>,
): Dataset<Out> {
  return {
    get length() {
      return dataset.length;
    },
    get(index, rng = new Rng(index)) {
      const item = dataset.get(index, rng);
      return item instanceof Promise ? item.then((loaded) => transform(loaded, rng)) : transform(item, rng);
    },
  };
}
