const SIZE = 624;
const MIDDLE = 397;
const NONE = new Int32Array(0);

/**
 * The Mersenne Twister MT19937: uniform 32-bit numbers.
 * Matsumoto and Nishimura, 1998. https://doi.org/10.1145/272991.272995
 */
export class MersenneTwister {
  readonly #seed: number;
  #words: Int32Array = NONE;
  #position = SIZE;

  /** @param seed its low 32 bits count */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The state. Made when it is first needed: many a generator is handed out and never used. */
  get words(): Int32Array {
    if (this.#words === NONE) this.#words = seeded(this.#seed);
    return this.#words;
  }

  /** How many of `words` have been given out. */
  get position(): number {
    return this.#position;
  }

  /** Goes on from a state. */
  restore(words: ArrayLike<number>, position: number): void {
    this.#words = Int32Array.from(words);
    this.#position = position;
  }

  /** The next number, from 0 to 2³² − 1. */
  next(): number {
    if (this.#position === SIZE) this.#renew();
    let word = this.#words[this.#position++] as number;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #renew(): void {
    const { words } = this;
    for (let i = 0; i < SIZE - MIDDLE; i++) words[i] = twist(words, i, i + 1, i + MIDDLE);
    for (let i = SIZE - MIDDLE; i < SIZE - 1; i++) words[i] = twist(words, i, i + 1, i + MIDDLE - SIZE);
    words[SIZE - 1] = twist(words, SIZE - 1, 0, MIDDLE - 1);
    this.#position = 0;
  }
}

function seeded(seed: number): Int32Array {
  const words = new Int32Array(SIZE);
  words[0] = seed;
  for (let i = 1; i < SIZE; i++) {
    const previous = words[i - 1] as number;
    words[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
  }
  return words;
}

function twist(words: Int32Array, i: number, next: number, across: number): number {
  const mixed = ((words[i] as number) & 0x80000000) | ((words[next] as number) & 0x7fffffff);
  return (words[across] as number) ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
}
