import type { Rng } from "../rng/rng.ts";

/** The order of the items of a dataset. */
export interface Sampler {
  /** How many items an epoch has. */
  readonly length: number;
  /** The indices of the items of one epoch. */
  draw(rng: Rng): ArrayLike<number>;
}

/** Which items go together, such as sentences of about one length. */
export interface BatchSampler {
  /** How many batches an epoch has. */
  readonly length: number;
  /** The indices of the items of one epoch, batch by batch. */
  draw(rng: Rng): Iterable<ArrayLike<number>>;
}
