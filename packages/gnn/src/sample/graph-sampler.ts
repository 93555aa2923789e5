import type { Dataset, HostBatch, Rng } from "@pellucid/core-train";

/**
 * A dataset whose batches are sampled graphs: give it to {@link graphBatches}, or to the `serveDataset` of a worker.
 * The draws come from the generator of the batch, so an epoch is the same for any number of workers.
 */
export interface GraphSampler<Batch = unknown> extends Omit<Dataset<Batch>, "gather"> {
  gather(indices: Int32Array, rng?: Rng): Batch & HostBatch;
}
