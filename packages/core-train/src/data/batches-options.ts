import type { Rng } from "../rng/rng.ts";
import type { BatchSampler, Sampler } from "./sampler.ts";
import type { Workers } from "./workers.ts";

/** Options for `batches`. */
export type BatchesOptions = BatchesLoading & BatchesSize & BatchesOrder;

/** How to load. */
export interface BatchesLoading {
  /** Threads that load ahead while the model computes. Default: none. */
  readonly workers?: Workers;
  /**
   * How many batches each worker loads ahead; without workers, how many are requested ahead, useful where `get` waits
   * for files or the network. Default: 2 with workers, else 0.
   */
  readonly prefetch?: number;
  /** Stops the loading: the loop throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The items of a batch: a number of them, or those that a sampler groups. */
export type BatchesSize =
  | {
      readonly size: number;
      /** Whether to drop a last batch that is not full. Default: false. */
      readonly dropLast?: boolean;
      readonly batchSampler?: never;
    }
  | { readonly batchSampler: BatchSampler; readonly size?: never; readonly dropLast?: never };

/** The order of the items: as they are, or drawn. */
export type BatchesOrder =
  | { readonly shuffle?: false; readonly sampler?: never; readonly rng?: never }
  | {
      /** Whether to shuffle the items anew each epoch. Default: false. */
      readonly shuffle?: boolean;
      /** Draws the order instead. */
      readonly sampler?: Sampler;
      /**
       * Random generator for the order and for the items. Like PyTorch's loader, each epoch draws one 64-bit number from it, and
       * a second one, which seeds the order, when shuffled.
       */
      readonly rng: Rng;
    };

/** A function that collates items instead of `collate`. */
export interface Collating<Item, Host> {
  /** Runs on the caller's thread, also with workers. Each `{ data, shape }` in its result becomes a tensor; all else stays. */
  readonly collate: (items: Item[]) => Host;
}
