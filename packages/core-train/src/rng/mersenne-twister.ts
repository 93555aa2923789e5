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

  /** The state. Computed when it is first needed: many generators are handed out and never used. */
  get words(): Int32Array {
    if (this.#words === NONE) this.#words = seeded(this.#seed);
    return this.#words;
  }

  /** How many of `words` have been given out. */
  get position(): number {
    return this.#position;
  }

  /** Continues from a state. */
  restore(words: ArrayLike<number>, position: number): void {
    this.#words = Int32Array.from(words);
    this.#position = position;
  }

  /** The next number, from 0 to 2³² − 1. */
  next(): number {
    if (this.#position === SIZE) this.#renew();
    return tempered(this.#words[this.#position++] as number) >>> 0;
  }

  /** Writes the next numbers, as signed 32-bit numbers, to the first `count` elements of `out`. */
  fill(out: Int32Array, count: number): void {
    let done = 0;
    while (done < count) {
      if (this.#position === SIZE) this.#renew();
      const words = this.#words;
      const offset = this.#position - done;
      const end = Math.min(count, SIZE - offset);
      for (; done < end; done++) out[done] = tempered(words[done + offset] as number);
      this.#position = done + offset;
    }
  }

  /**
   * Writes `one` or 0 to each element of `out`: whether the 53 bits of the next two numbers, high ones first, are below `bound`. Where the high bits
   * tell already, as they nearly always do, the low ones are not tempered.
   */
  compare(out: Float32Array, bound: number, one: number): void {
    const high = Math.floor(bound / 2 ** 32);
    const low = bound - high * 2 ** 32;
    let pending = NO_WORD;
    for (let done = 0; done < out.length;) {
      if (this.#position === SIZE) this.#renew();
      const words = this.#words;
      let position = this.#position;
      if (pending !== NO_WORD) {
        out[done++] = one * below(pending, words[position++] as number, high, low);
        pending = NO_WORD;
      }
      const pairs = Math.min(out.length - done, (SIZE - position) >> 1);
      for (const end = done + pairs; done < end; done++, position += 2)
        out[done] = one * below(words[position] as number, words[position + 1] as number, high, low);
      if (done < out.length && position === SIZE - 1) pending = words[position++] as number;
      this.#position = position;
    }
  }

  /** Continues as if `count` numbers had been given out. */
  skip(count: number): void {
    let left = count;
    while (left > SIZE - this.#position) {
      left -= SIZE - this.#position;
      this.#renew();
    }
    this.#position += left;
  }

  /** Has `draw` give out numbers: it changes the words, and returns how many of them have then been given out. */
  advance(draw: (words: Int32Array, position: number) => number): void {
    this.#position = draw(this.words, this.#position);
  }

  #renew(): void {
    const { words } = this;
    const first = SIZE - MIDDLE;
    let word = words[0] as number;
    for (let i = 0; i < first; i++) {
      const next = words[i + 1] as number;
      words[i] = (words[i + MIDDLE] as number) ^ twisted(word, next);
      word = next;
    }
    for (let i = first; i < SIZE - 1; i++) {
      const next = words[i + 1] as number;
      words[i] = (words[i - first] as number) ^ twisted(word, next);
      word = next;
    }
    words[SIZE - 1] = (words[MIDDLE - 1] as number) ^ twisted(word, words[0] as number);
    this.#position = 0;
  }
}

/** No word is as large. */
const NO_WORD = 2 ** 40;

/** Whether 21 bits of one number and then 32 of another are below those of a bound. */
function below(first: number, second: number, high: number, low: number): number {
  const bits = tempered(first) & 0x1fffff;
  if (bits !== high) return +(bits < high);
  return +(tempered(second) >>> 0 < low);
}

/** Without a branch: no processor predicts a random bit. */
function twisted(word: number, next: number): number {
  const mixed = (word & 0x80000000) | (next & 0x7fffffff);
  return (mixed >>> 1) ^ (-(mixed & 1) & 0x9908b0df);
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

function tempered(word: number): number {
  let bits = word ^ (word >>> 11);
  bits ^= (bits << 7) & 0x9d2c5680;
  bits ^= (bits << 15) & 0xefc60000;
  return bits ^ (bits >>> 18);
}
