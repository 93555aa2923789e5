import { disposeLeaves } from "../struct/dispose-leaves.ts";
import { toTensors } from "./to-tensors.ts";

/**
 * Makes tensors of batches, one at a time. All tensors of a batch are freed when the next is asked for, when the loop is left, and when it
 * throws.
 *
 * @param given is called for each batch before it is yielded
 */
export async function* giveBatches<Batch>(
  hosts: AsyncIterable<unknown>,
  given: () => void,
): AsyncGenerator<Batch, void, undefined> {
  for await (const host of hosts) {
    const batch = toTensors<Batch>(host);
    given();
    try {
      yield batch;
    } finally {
      disposeLeaves(batch);
    }
  }
}
