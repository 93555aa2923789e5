import { MersenneTwister } from "./mersenne-twister.ts";
import { RngError } from "./rng-error.ts";

/** Puts the numbers from 0 to `n − 1` in random order: {@link Rng} does, and {@link NumpyRandom}. */
export interface Shuffler {
  randperm(n: number): Int32Array;
}

/**
 * NumPy's older generator, `numpy.random.RandomState(seed)`, as far as splitting data needs it: scikit-learn's
 * `random_state=42` is `new NumpyRandom(42)`.
 */
export class NumpyRandom implements Shuffler {
  readonly #twister: MersenneTwister;

  /** @param seed from 0 to 2³² − 1 */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
      throw new RngError(`NumpyRandom: the seed is ${seed}, expected an integer from 0 to 2³² − 1.`);
    this.#twister = new MersenneTwister(seed);
  }

  /** The numbers from 0 to `n − 1` in random order, as `RandomState.permutation(n)`. */
  randperm(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.#upTo(i);
      const kept = order[i] as number;
      order[i] = order[j] as number;
      order[j] = kept;
    }
    return order;
  }

  /** Uniform numbers in [0, 1) with 53 bits, as `RandomState.rand(n)`. */
  rand(n: number): Float64Array {
    if (!Number.isInteger(n) || n < 0)
      throw new RngError(`NumpyRandom.rand: n is ${n}, expected an integer of 0 or more.`);
    return Float64Array.from({ length: n }, () => {
      const high = this.#twister.next() >>> 5;
      return (high * 2 ** 26 + (this.#twister.next() >>> 6)) * 2 ** -53;
    });
  }

  /** From 0 to `largest`: masks the bits it needs, and draws again what is too large. */
  #upTo(largest: number): number {
    const mask = 0xffffffff >>> Math.clz32(largest);
    for (;;) {
      const drawn = this.#twister.next() & mask;
      if (drawn <= largest) return drawn;
    }
  }
}
