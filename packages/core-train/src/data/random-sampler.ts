import { Rng } from "../rng/rng.ts";
import { DataError } from "./data-error.ts";
import type { Sampler } from "./sampler.ts";
import { checkOptions } from "../check-options.ts";

/** Options for {@link randomSampler}. */
export interface RandomSamplerOptions {
  /** Whether an item can come more than once before all have come. Default: false. */
  readonly replacement?: boolean;
  /** How many items an epoch has. Default: `length`. */
  readonly count?: number;
  /**
   * Whether the order comes from a separate generator, seeded by one draw of the given one, as in PyTorch. A PyTorch loader that is
   * given a `generator` draws the order from it directly: false. Default: true.
   */
  readonly seedsItsOwn?: boolean;
}

/**
 * All items in random order, as `torch.utils.data.RandomSampler`.
 *
 * @throws DataError for no items, or a count below 1
 */
export function randomSampler(length: number, options: RandomSamplerOptions = {}): Sampler {
  checkOptions("randomSampler", options, ["replacement", "count", "seedsItsOwn"]);
  const { replacement = false, count = length, seedsItsOwn = true } = options;
  if (!Number.isInteger(length) || length < 1 || !Number.isInteger(count) || count < 1)
    throw new DataError(`randomSampler: ${count} of ${length} items, expected integers of 1 or more.`);
  const draw = (rng: Rng) => {
    const own = seedsItsOwn ? new Rng(rng.int64()) : rng;
    const order = new Int32Array(count);
    if (replacement) {
      order.set(own.randint(0, length, [count]).data);
      return order;
    }
    const whole = count - (count % length);
    for (let start = 0; start < whole; start += length) order.set(own.randperm(length), start);
    order.set(own.randperm(length).subarray(0, count - whole), whole); // drawn also where nothing is left, as there
    return order;
  };
  return { length: count, draw };
}
