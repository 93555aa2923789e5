import { dispose, type TensorContainer } from "@tensorflow/tfjs-core";
import { toTensors } from "./to-tensors.ts";

/**
 * Makes tensors of batches, one at a time: each is freed when the next is asked for, when the loop is left, and when it
 * throws.
 *
 * @param given is called for each batch as it is given out
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
      dispose(batch as TensorContainer);
    }
  }
}
