import type { Rng } from "../rng/rng.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";
import type { HostBatch } from "./host-batch.ts";
import { checkArguments } from "../check-arguments.ts";

/** Some items of a dataset, by their indices there. */
export class Subset<Item> implements Dataset<Item> {
  readonly dataset: Dataset<Item>;
  readonly indices: Int32Array;
  /** Present where the whole dataset has it. */
  readonly gather?: (indices: Int32Array, rng?: Rng) => HostBatch;

  constructor(dataset: Dataset<Item>, indices: ArrayLike<number>) {
    checkArguments("Subset", { "{ length, get }": { dataset }, numbers: { indices } });
    const wrong = Array.from(indices).find((i) => !Number.isInteger(i) || i < 0 || i >= dataset.length);
    if (wrong !== undefined)
      throw new DataError(`Subset: item ${wrong} does not exist, there are ${dataset.length}.`);
    this.dataset = dataset;
    this.indices = Int32Array.from(indices);
    const whole = dataset.gather?.bind(dataset);
    if (whole !== undefined)
      this.gather = (chosen, rng) =>
        whole(
          chosen.map((i) => this.#at(i)),
          rng,
        );
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number, rng?: Rng): Item | Promise<Item> {
    return this.dataset.get(this.#at(index), rng);
  }

  #at(index: number): number {
    const found = this.indices[index];
    if (found === undefined)
      throw new DataError(`Subset: item ${index} does not exist, there are ${this.length}.`);
    return found;
  }
}
