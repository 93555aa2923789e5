import type { Rng } from "../rng/rng.ts";

/** In which order a dataset is gone through. */
export interface Sampler {
  /** How many items an epoch has. */
  readonly length: number;
  /** The items' numbers for one epoch. */
  draw(rng: Rng): ArrayLike<number>;
}

/** Which items go together, such as sentences of about one length. */
export interface BatchSampler {
  /** How many batches an epoch has. */
  readonly length: number;
  /** The items' numbers for one epoch, batch by batch. */
  draw(rng: Rng): Iterable<ArrayLike<number>>;
}
