import type { Rng } from "../rng/rng.ts";
import type { HostBatch } from "./host-batch.ts";

/** Items that can be had by their number. A class of your own needs `length` and `get`, nothing else. */
export interface Dataset<Item> {
  readonly length: number;
  /**
   * @param index from 0 to `length − 1`
   * @param rng for what is drawn in making this item, such as a random crop. {@link batches} gives each item its own, so
   *   the draws do not depend on who loads it, and when
   */
  get(index: number, rng?: Rng): Item | Promise<Item>;
  /**
   * Many items at once, already put together as {@link collate} would: a short cut that {@link batches} takes where it is
   * there. The arrays must be new ones: they are handed over.
   */
  gather?(indices: Int32Array): HostBatch;
}
