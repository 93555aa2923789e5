import type { Rng } from "@pellucid/core-train";

/** What an example ends with: a sentence, and pictures to show. */
export interface Made {
  readonly said: string;
  /** `count` pictures of `size × size`, `channels` numbers from 0 to 1 each. */
  readonly pictures?: {
    readonly data: ArrayLike<number>;
    readonly count: number;
    readonly size: number;
    readonly channels: 1 | 3;
  };
}

/** How an example is run here. */
export interface Running {
  /** How much shorter than in Node: 1 for the whole. */
  readonly share: number;
  readonly rng: Rng;
  readonly onStep: (step: number, loss: number) => void;
}
