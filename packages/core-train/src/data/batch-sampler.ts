import { DataError } from "./data-error.ts";
import type { BatchSampler, Sampler } from "./sampler.ts";
import { checkRecord } from "../check-record.ts";

/** Options for {@link batchSampler}. */
export interface BatchSamplerOptions {
  /** Whether to drop a last batch that is not full. Default: false. */
  readonly dropLast?: boolean;
}

/**
 * Groups the indices of a sampler into batches, as `torch.utils.data.BatchSampler`.
 *
 * @throws DataError for a size that is not an integer of 1 or more
 */
export function batchSampler(
  sampler: Sampler,
  size: number,
  { dropLast = false }: BatchSamplerOptions = {},
): BatchSampler {
  checkRecord("batchSampler", "the sampler", sampler, ["length", "draw"]);
  checkBatchSize(size);
  const length = dropLast ? Math.floor(sampler.length / size) : Math.ceil(sampler.length / size);
  return {
    length,
    draw(rng) {
      return groupIndices(Int32Array.from(sampler.draw(rng)), size, dropLast);
    },
  };
}

/** Throws a {@link DataError} for a size that no batch can have. */
export function checkBatchSize(size: number): void {
  if (Number.isInteger(size) && size >= 1) return;
  throw new DataError(`batches: the size is ${size}, expected an integer of 1 or more.`);
}

/** Groups indices in their order. */
export function groupIndices(order: Int32Array, size: number, dropLast: boolean): Int32Array[] {
  const length = dropLast ? Math.floor(order.length / size) : Math.ceil(order.length / size);
  return Array.from({ length }, (_, i) => order.subarray(i * size, (i + 1) * size));
}
