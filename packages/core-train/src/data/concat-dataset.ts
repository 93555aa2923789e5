import type { Rng } from "../rng/rng.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import { checkArguments } from "../check-arguments.ts";

/** The items of several datasets, one after the other. */
export class ConcatDataset<Item> implements Dataset<Item> {
  readonly datasets: readonly Dataset<Item>[];
  readonly length: number;

  constructor(datasets: readonly Dataset<Item>[]) {
    checkArguments("ConcatDataset", { "{ length, get }+": { datasets } });
    this.datasets = datasets;
    this.length = datasets.reduce((sum, { length }) => sum + length, 0);
  }

  get(index: number, rng?: Rng): Item | Promise<Item> {
    let left = index;
    for (const dataset of this.datasets) {
      if (left >= 0 && left < dataset.length) return dataset.get(left, rng);
      left -= dataset.length;
    }
    throw new DataError(`ConcatDataset: item ${index} does not exist, there are ${this.length}.`);
  }
}
