import { disposeLeaves } from "../struct/dispose-leaves.ts";
import { toTensors } from "./to-tensors.ts";

/** A batch on the host, and how many items it is made of. */
export interface LoadedBatch {
  readonly host: unknown;
  readonly items: number;
}

/**
 * Makes tensors of batches, one at a time. All tensors of a batch are freed when the next is requested, when the loop is left, and when it
 * throws.
 *
 * @param count is called with the number of items of each batch before it is yielded
 */
export async function* giveBatches<Batch>(
  loaded: AsyncIterable<LoadedBatch>,
  count: (items: number) => void,
): AsyncGenerator<Batch, void, undefined> {
  for await (const { host, items } of loaded) {
    const batch = toTensors<Batch>(host);
    count(items);
    try {
      yield batch;
    } finally {
      disposeLeaves(batch);
    }
  }
}
