const SIZE = 624;
const MIDDLE = 397;

/**
 * The Mersenne Twister MT19937: uniform 32-bit numbers.
 * Matsumoto and Nishimura, 1998. https://doi.org/10.1145/272991.272995
 */
export class MersenneTwister {
  readonly words = new Uint32Array(SIZE);
  /** How many of `words` have been given out. */
  position = SIZE;

  /** @param seed its low 32 bits count */
  constructor(seed: number) {
    const { words } = this;
    words[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const previous = words[i - 1] as number;
      words[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next number, from 0 to 2³² − 1. */
  next(): number {
    if (this.position === SIZE) this.#renew();
    let word = this.words[this.position++] as number;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #renew(): void {
    const { words } = this;
    for (let i = 0; i < SIZE; i++) {
      const next = words[i === SIZE - 1 ? 0 : i + 1] as number;
      const mixed = ((words[i] as number) & 0x80000000) | (next & 0x7fffffff);
      const across = words[i < SIZE - MIDDLE ? i + MIDDLE : i + MIDDLE - SIZE] as number;
      words[i] = across ^ (mixed >>> 1) ^ (next & 1 ? 0x9908b0df : 0);
    }
    this.position = 0;
  }
}
