import { type Tensor1D } from "@tensorflow/tfjs-core";
import type { Dataset } from "@pellucid/core-train";

/** The numbers from 0 to `length` − 1. */
export const counting = (length: number): Dataset<number> => ({ length, get: (i) => i });

/** The numbers of the batches that are left of an epoch. */
export async function readBatches(loader: AsyncIterable<Tensor1D>): Promise<number[][]> {
  const found: number[][] = [];
  for await (const batch of loader) found.push([...batch.dataSync()]);
  return found;
}
