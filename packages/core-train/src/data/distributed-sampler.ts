import { checkOptions } from "../check-options.ts";
import { Rng } from "../rng/rng.ts";
import { DataError } from "./data-error.ts";
import type { Sampler } from "./sampler.ts";

/** Options for {@link DistributedSampler}. */
export interface DistributedSamplerOptions {
  /** How many processes train together. */
  readonly numReplicas: number;
  /** Which of them this is, from 0. */
  readonly rank: number;
  /** Whether to shuffle the items anew each epoch. Default: true. */
  readonly shuffle?: boolean;
  /** The seed of the order, the same in all processes. Default: 0. */
  readonly seed?: number;
  /** Whether to drop items that do not divide among the processes, instead of repeating the first ones. Default: false. */
  readonly dropLast?: boolean;
}

/**
 * The items of one of several processes, as `torch.utils.data.DistributedSampler`: all processes draw one order, each takes every
 * `numReplicas`-th item of it from its rank on, and all take equally many.
 *
 * ```ts
 * const sampler = new DistributedSampler(data.length, { numReplicas: 4, rank });
 * for (let epoch = 0; epoch < 10; epoch++) {
 *   sampler.setEpoch(epoch);
 *   for await (const batch of batches(data, { size: 32, sampler, rng })) …
 * }
 * ```
 *
 * The order depends on the seed and the epoch only, not on the loader's generator. Without {@link setEpoch} each epoch has the order of
 * epoch 0, as in PyTorch. Repeated items count twice in a mean over all processes.
 */
export class DistributedSampler implements Sampler {
  /** How many items an epoch has for this process. */
  readonly length: number;
  readonly numReplicas: number;
  readonly rank: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly dropLast: boolean;
  readonly #items: number;
  #epoch = 0;

  /**
   * @param items how many items the dataset has
   * @throws {OptionError} If an option is unknown.
   * @throws {DataError} If a number is not an integer of its range.
   */
  constructor(items: number, options: DistributedSamplerOptions) {
    checkOptions("DistributedSampler", options, ["numReplicas", "rank", "shuffle", "seed", "dropLast"]);
    const { numReplicas, rank, shuffle = true, seed = 0, dropLast = false } = options;
    checkInteger("items", items, 0, Infinity);
    checkInteger("numReplicas", numReplicas, 1, Infinity);
    checkInteger("rank", rank, 0, numReplicas - 1);
    checkInteger("seed", seed, 0, Number.MAX_SAFE_INTEGER);
    this.numReplicas = numReplicas;
    this.rank = rank;
    this.shuffle = shuffle;
    this.seed = seed;
    this.dropLast = dropLast;
    this.length = dropLast ? Math.floor(items / numReplicas) : Math.ceil(items / numReplicas);
    this.#items = items;
  }

  /**
   * Sets the epoch, from 0: the order of the next draw.
   *
   * @throws {DataError} If it is not an integer of 0 or more.
   */
  setEpoch(epoch: number): void {
    checkInteger("epoch", epoch, 0, Number.MAX_SAFE_INTEGER - this.seed);
    this.#epoch = epoch;
  }

  draw(): Int32Array {
    const { length, numReplicas, rank } = this;
    const items = this.#items;
    const order = this.shuffle
      ? new Rng(this.seed + this.#epoch).randperm(items)
      : Int32Array.from({ length: items }, (_, i) => i);
    return Int32Array.from({ length }, (_, i) => order[(rank + i * numReplicas) % items] ?? NaN);
  }
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = most === Infinity ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new DataError(`DistributedSampler: ${name} is ${value}, expected an integer ${range}.`);
}
