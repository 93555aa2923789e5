import { itemRngs } from "../rng/item-rng.ts";
import type { Rng } from "../rng/rng.ts";
import { collate } from "./collate.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";

/** A request for one batch, to this thread or a worker. */
export interface BatchRequest {
  readonly indices: Int32Array;
  /** The position of the first item in the epoch, from 0. */
  readonly position: number;
  /** The seed of the epoch. With the item's position it determines the item's random generator. */
  readonly seed: bigint;
  /** Whether to collate the items into a batch; if not, they are returned as an array. */
  readonly collated: boolean;
}

/**
 * Loads the items of one batch, and collates them if requested.
 *
 * @throws {@link DataError} if `dataset.get` fails; its `item` is the index of the item
 */
export async function fetchBatch(dataset: Dataset<unknown>, request: BatchRequest): Promise<unknown> {
  const { indices, position, seed, collated } = request;
  const rngOf = itemRngs(seed);
  if (collated && dataset.gather !== undefined) return dataset.gather(indices, rngOf(position));
  const items = Array.from(indices, (index, i) => load(dataset, index, rngOf(position + i)));
  const loaded = items.some((item) => item instanceof Promise) ? await Promise.all(items) : items;
  return collated ? collate(loaded, indices) : loaded;
}

function load(dataset: Dataset<unknown>, index: number, rng: Rng): unknown {
  const rethrow = (cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`batches: item ${index} could not be loaded: ${reason}`, { cause, item: index });
  };
  try {
    const item = dataset.get(index, rng);
    return item instanceof Promise ? item.catch(rethrow) : item;
  } catch (cause) {
    return rethrow(cause);
  }
}
