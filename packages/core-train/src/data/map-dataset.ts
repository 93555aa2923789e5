import { Rng } from "../rng/rng.ts";
import type { Dataset } from "./dataset.ts";

/**
 * Transforms every item as it is loaded: normalizes it, or augments it anew each epoch.
 *
 * ```ts
 * const augment = compose(randomCrop(32, { padding: 4 }), randomHorizontalFlip());
 * const views = mapDataset(photos, ({ x, y }, rng) => ({ x: augment(toFloat(x), rng), y }));
 * ```
 *
 * @param transform gets the item's own generator. Outside of {@link batches} it is seeded by the index of the item
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
