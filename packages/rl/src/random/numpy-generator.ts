import { OptionError } from "@pellucid/core-train";
import { seedSequence } from "./seed-sequence.ts";
import { tail, ziggurat } from "./ziggurat.ts";

const mask64 = (1n << 64n) - 1n;
const mask128 = (1n << 128n) - 1n;
const multiplier = 0x2360ed051fc65da44385df649fccf645n;

/**
 * NumPy's generator, `numpy.random.default_rng(seed)`: PCG64 behind a seed sequence. Gymnasium's environments draw from it, so the same
 * seed gives the same first states here.
 *
 * O'Neill, 2014. PCG: a family of simple fast space-efficient statistically good algorithms for random number generation.
 */
export class NumpyGenerator {
  #state: bigint;
  readonly #increment: bigint;
  /** The upper half of a 64-bit draw, kept for the next 32-bit one. */
  #half: number | undefined;

  /**
   * @param seed an integer of 0 or more
   * @throws OptionError for any other seed
   */
  constructor(seed: number | bigint) {
    if (typeof seed !== "bigint" && (!Number.isInteger(seed) || seed < 0))
      throw new OptionError("NumpyGenerator", "seed", seed, "an integer of 0 or more");
    if (seed < 0) throw new OptionError("NumpyGenerator", "seed", seed, "an integer of 0 or more");
    const words = seedSequence(seed, 8);
    const pair = (i: number) => BigInt(words[2 * i] ?? NaN) | (BigInt(words[2 * i + 1] ?? NaN) << 32n);
    this.#increment = ((((pair(2) << 64n) | pair(3)) << 1n) | 1n) & mask128;
    this.#state = (this.#increment + ((pair(0) << 64n) | pair(1))) & mask128;
    this.#advance();
  }

  /** A number in [0, 1), as `Generator.random()`. */
  random(): number {
    return Number(this.#next64() >> 11n) * 2 ** -53;
  }

  /** A number in [low, high), as `Generator.uniform(low, high)`. */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /** An integer from `low` to `high − 1`, as `Generator.integers(low, high)`: Lemire's method. */
  integers(low: number, high: number): number {
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high <= low)
      throw new OptionError("NumpyGenerator.integers", "high", high, `an integer above low = ${low}`);
    const range = high - low;
    if (range === 1) return low;
    if (range === 2 ** 32) return low + this.#next32();
    return low + (range < 2 ** 32 ? this.#below32(range) : this.#below64(range));
  }

  /** A number of the standard normal distribution, as `Generator.standard_normal()`: the ziggurat method. */
  standardNormal(): number {
    const { inside, width, density } = ziggurat;
    for (;;) {
      const bits = this.#next64();
      const level = Number(bits & 0xffn);
      const isNegative = ((bits >> 8n) & 1n) === 1n;
      const magnitude = Number((bits >> 9n) & 0xfffffffffffffn);
      const x = (isNegative ? -1 : 1) * magnitude * (width[level] ?? NaN);
      if (magnitude < (inside[level] ?? NaN)) return x;
      if (level === 0) return this.#fromTail(((bits >> 17n) & 1n) === 1n);
      const [below, above] = [density[level] ?? NaN, density[level - 1] ?? NaN];
      if ((above - below) * this.random() + below < Math.exp(-0.5 * x * x)) return x;
    }
  }

  /** As `Generator.normal(mean, std)`. */
  normal(mean: number, std: number): number {
    return mean + std * this.standardNormal();
  }

  /** An index with these probabilities: the first whose cumulative probability is above one uniform draw. */
  categorical(probabilities: readonly number[]): number {
    const drawn = this.random();
    let cumulative = 0;
    for (const [i, probability] of probabilities.entries()) {
      cumulative += probability;
      if (cumulative > drawn) return i;
    }
    return 0;
  }

  #fromTail(isNegative: boolean): number {
    for (;;) {
      const x = -Math.log1p(-this.random()) / tail;
      const y = -Math.log1p(-this.random());
      if (y + y > x * x) return isNegative ? -(tail + x) : tail + x;
    }
  }

  #below32(range: number): number {
    const [wide, threshold] = [BigInt(range), BigInt(2 ** 32 % range)];
    for (;;) {
      const product = BigInt(this.#next32()) * wide;
      const low = product & 0xffffffffn;
      if (low >= wide || low >= threshold) return Number(product >> 32n);
    }
  }

  #below64(range: number): number {
    const wide = BigInt(range);
    const threshold = (1n << 64n) % wide;
    for (;;) {
      const product = this.#next64() * wide;
      const low = product & mask64;
      if (low >= wide || low >= threshold) return Number(product >> 64n);
    }
  }

  #next32(): number {
    const kept = this.#half;
    if (kept !== undefined) {
      this.#half = undefined;
      return kept;
    }
    const bits = this.#next64();
    this.#half = Number(bits >> 32n);
    return Number(bits & 0xffffffffn);
  }

  #next64(): bigint {
    this.#advance();
    const folded = (this.#state >> 64n) ^ (this.#state & mask64);
    const turn = this.#state >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & mask64;
  }

  #advance(): void {
    this.#state = (this.#state * multiplier + this.#increment) & mask128;
  }
}
