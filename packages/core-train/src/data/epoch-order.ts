import type { Rng } from "../rng/rng.ts";
import { groupIndices } from "./batch-sampler.ts";
import { DataError } from "./data-error.ts";
import type { BatchSampler, Sampler } from "./sampler.ts";

/** Which items of an epoch go into which batch. */
export interface EpochOrder {
  /** How many batches a whole epoch has. */
  readonly length: number;
  /** How many items a whole epoch has, where it is known before it is drawn. */
  readonly items: number | undefined;
  /**
   * The batches of an epoch after its first items.
   *
   * @param given how many items have been yielded, perhaps in batches of another size
   */
  draw(rng: Rng, given: number): Int32Array[];
}

/** Batches of one size. */
export function orderOfSize(sampler: Sampler, size: number, dropLast: boolean): EpochOrder {
  return {
    length: dropLast ? Math.floor(sampler.length / size) : Math.ceil(sampler.length / size),
    items: sampler.length,
    draw: (rng, given) => groupIndices(Int32Array.from(sampler.draw(rng)).subarray(given), size, dropLast),
  };
}

/** Batches that a sampler has grouped. */
export function orderOfBatches(sampler: BatchSampler): EpochOrder {
  return {
    length: sampler.length,
    items: undefined,
    draw(rng, given) {
      const all = Array.from(sampler.draw(rng), (indices) => Int32Array.from(indices));
      let first = 0;
      let items = 0;
      while (items < given && first < all.length) items += all[first++]?.length ?? 0;
      if (items === given) return all.slice(first);
      throw new DataError(
        `batches: the state has given ${given} items, but no batch of this batchSampler ends there. Resume with the batchSampler that the state was saved with.`,
      );
    },
  };
}
