import type { Dataset } from "../data/dataset.ts";
import { Subset } from "../data/subset.ts";
import { checkOption } from "../check-option.ts";
import type { Rng } from "../rng/rng.ts";
import { checkRng } from "../check-values.ts";
import { checkArguments } from "../check-arguments.ts";

export interface BootstrapOptions {
  /** Random generator of the sample. */
  readonly rng: Rng;
  /** The number of items to draw. Default: the length of the dataset. */
  readonly size?: number;
}

/** A {@link bootstrap} sample of a dataset. */
export interface BootstrapSample<Item> {
  /** Items drawn with replacement: some twice and more, about 63 % of all at least once. */
  readonly drawn: Subset<Item>;
  /** The items that were not drawn: a test set for a model that was trained on `drawn`. */
  readonly outOfBag: Subset<Item>;
}

/** Draws items with replacement, as `torch.randint` does: another dataset of the same kind. Efron, 1979. */
export function bootstrap<Item>(dataset: Dataset<Item>, options: BootstrapOptions): BootstrapSample<Item> {
  checkRng("bootstrap", options);
  checkArguments("bootstrap", { "{ length, get }": { dataset } });
  const { rng, size = dataset.length } = options;
  checkOption("bootstrap", "dataset.length", dataset.length, dataset.length > 0, "at least one item");
  checkOption("bootstrap", "size", size, Number.isInteger(size) && size > 0, "an integer ≥ 1");
  const indices = rng.randint(0, dataset.length, [size]).data;
  const seen = new Set(indices);
  const left = Array.from({ length: dataset.length }, (_, i) => i).filter((i) => !seen.has(i));
  return { drawn: new Subset(dataset, indices), outOfBag: new Subset(dataset, left) };
}
