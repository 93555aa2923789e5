import type { Rng } from "../rng/rng.ts";
import { DataError } from "./data-error.ts";
import type { Sampler } from "./sampler.ts";
import { uniform53 } from "../rng/uniform53.ts";
import { checkArguments } from "../check-arguments.ts";

/** Options for {@link weightedRandomSampler}. */
export interface WeightedRandomSamplerOptions {
  /** Whether an item can come more than once in an epoch. Default: true. */
  readonly replacement?: boolean;
}

/**
 * Items with probabilities proportional to their weights, as `torch.utils.data.WeightedRandomSampler`: rare classes can be
 * drawn as often as common ones.
 *
 * @param count how many items an epoch has
 * @throws DataError for a weight that is negative or not finite, and for too few positive ones without replacement
 */
export function weightedRandomSampler(
  weights: ArrayLike<number>,
  count: number,
  { replacement = true }: WeightedRandomSamplerOptions = {},
): Sampler {
  checkArguments("weightedRandomSampler", { numbers: { weights } });
  const given = Float64Array.from(weights);
  const wrong = given.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (wrong !== -1)
    throw new DataError(
      `weightedRandomSampler: the weight of item ${wrong} is ${given[wrong]}, expected a finite number of 0 or more.`,
      { item: wrong },
    );
  if (!Number.isInteger(count) || count < 1)
    throw new DataError(`weightedRandomSampler: the count is ${count}, expected an integer of 1 or more.`);
  const possible = given.filter((weight) => weight > 0).length;
  if (possible < (replacement ? 1 : count))
    throw new DataError(
      `weightedRandomSampler: ${possible} items have a weight above 0, too few for ${count} ${replacement ? "draws" : "without replacement"}.`,
    );
  return {
    length: count,
    draw: (rng) =>
      replacement && count > 1 ? withReplacement(given, count, rng) : withoutReplacement(given, count, rng),
  };
}

/** Looks up each uniform number in the cumulative weights. */
function withReplacement(weights: Float64Array, count: number, rng: Rng): Int32Array {
  let total = 0;
  const sums = weights.map((weight) => (total += weight)).map((sum) => sum / total);
  const last = weights.findLastIndex((weight) => weight > 0);
  return Int32Array.from({ length: count }, () => {
    const drawn = uniform53(rng);
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? NaN) < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

/** Draws an exponential time for each item, shorter for a larger weight, and takes the items of the least times. */
function withoutReplacement(weights: Float64Array, count: number, rng: Rng): Int32Array {
  const rates = weights.map((weight) => weight / -Math.log1p(-uniform53(rng)));
  const order = Int32Array.from(rates.keys()).sort((a, b) => (rates[b] ?? NaN) - (rates[a] ?? NaN));
  return order.subarray(0, count);
}
