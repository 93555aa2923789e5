import { DataError } from "./data-error.ts";
import type { BatchSampler, Sampler } from "./sampler.ts";

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
  if (!Number.isInteger(size) || size < 1)
    throw new DataError(`batches: the size is ${size}, expected an integer of 1 or more.`);
  const length = dropLast ? Math.floor(sampler.length / size) : Math.ceil(sampler.length / size);
  return {
    length,
    draw(rng) {
      const order = Int32Array.from(sampler.draw(rng));
      return Array.from({ length }, (_, i) => order.subarray(i * size, (i + 1) * size));
    },
  };
}
