import type { Rng } from "../rng/rng.ts";
import type { HostBatch } from "./host-batch.ts";

/**
 * Items that are read by their index. A class of your own needs `length` and `get`, nothing else; `get` may be asynchronous.
 *
 * ```ts
 * class Photos {
 *   readonly length = 200;
 *   async get(index: number) {
 *     const response = await fetch(`photos/${index}.rgb`);
 *     const data = new Uint8Array(await response.arrayBuffer());
 *     return { x: { data, shape: [32, 32, 3] as const }, y: index % 10 };
 *   }
 * }
 *
 * for await (const { x, y } of batches(new Photos(), { size: 50 })) {
 *   // x: Tensor4D, [50, 32, 32, 3]; y: Tensor1D
 * }
 * ```
 */
export interface Dataset<Item> {
  readonly length: number;
  /**
   * @param index from 0 to `length − 1`
   * @param rng random generator for this item, such as for a random crop. {@link batches} gives each item its own, so that
   *   the draws do not depend on which worker loads it, or when
   */
  get(index: number, rng?: Rng): Item | Promise<Item>;
  /**
   * Many items at once, already collated as {@link collate} would: a shortcut that {@link batches} takes where it exists.
   * The arrays must be new ones: they are transferred.
   *
   * @param rng random generator of the batch, such as for the neighbors of its nodes; it does not depend on which worker loads it
   */
  gather?(indices: Int32Array, rng?: Rng): HostBatch;
}
