import { type HostTensor, sizeOf } from "../host-tensor.ts";
import { fastDraws } from "./fast-draws.ts";
import { fillFromDoubles } from "./fill-from-doubles.ts";
import { fillBernoulli } from "./fill-bernoulli.ts";
import { fillNormal } from "./fill-normal.ts";
import { fillUniform } from "./fill-uniform.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { recordingNow } from "../compile/recording-now.ts";
import { RngError } from "./rng-error.ts";
import { uniform53 } from "./uniform53.ts";
import { found } from "../check-tensor.ts";

/** Where a generator stands: plain numbers that JSON keeps exactly. */
export interface RngState {
  /** The 624 words of the Mersenne Twister. */
  readonly words: readonly number[];
  /** How many of them have been given out. */
  readonly position: number;
  /** The second of a pair of normal draws, kept for the next one. */
  readonly spareNormal: number | null;
}

/** From here on, PyTorch takes 64 bits for a draw below a bound, so that `mod` stays fair. */
const WIDE_RANGE = 2 ** 28;

/** From here on, `randperm` does. */
const WIDE_PERMUTATION = Math.floor((2 ** 32 - 1) / 20);

/**
 * PyTorch's generator for the CPU: the same seed gives the numbers that `torch.manual_seed(seed)` gives, in 32 bits.
 *
 * ```ts
 * const rng = new Rng(0);
 * rng.rand([2]).data; // 0.4963, 0.7682, as torch.rand(2)
 * ```
 *
 * All draws are exact, normal ones too: for 16 and more at once they are PyTorch's on a processor with AVX2 (any from
 * the last ten years); in other browsers it computes logarithms differently, in the last bits.
 */
export class Rng {
  readonly #twister: MersenneTwister;
  #spareNormal: number | null = null;

  /** @param seed any integer; as in PyTorch, its low 32 bits count */
  constructor(seed: number | bigint) {
    if (typeof seed !== "bigint" && !Number.isSafeInteger(seed))
      throw new RngError(`Rng: the seed is ${found(seed)}, expected an integer (or a bigint).`);
    this.#twister = new MersenneTwister(Number(BigInt.asUintN(32, BigInt(seed))));
  }

  /** An integer from 0 to 2³² − 1: one step of the generator, which all other draws are made of. */
  uint32(): number {
    recordingNow()?.noteDraw(this);
    return this.#twister.next();
  }

  /** An integer from 0 to 2⁶³ − 1, as `torch.empty([], dtype=torch.int64).random_()`. */
  int64(): bigint {
    return BigInt.asUintN(63, this.#uint64());
  }

  /** Uniform numbers in [0, 1), as `torch.rand`. */
  rand(shape: readonly number[]): HostTensor<Float32Array> {
    return this.uniform(shape, 0, 1);
  }

  /** Uniform numbers in [low, high), as `Tensor.uniform_`. */
  uniform(shape: readonly number[], low: number, high: number): HostTensor<Float32Array> {
    if (!(low <= high))
      throw new RngError(`Rng.uniform: low is ${low} and high ${high}, expected low ≤ high.`);
    recordingNow()?.noteDraw(this);
    const data = new Float32Array(sizeIn("uniform", shape));
    fillUniform(data, low, high, this.#twister);
    return { data, shape: [...shape] };
  }

  /** Standard normal numbers, as `torch.randn`. */
  randn(shape: readonly number[]): HostTensor<Float32Array> {
    return this.normal(shape, 0, 1);
  }

  /** Normal numbers, as `Tensor.normal_`. */
  normal(shape: readonly number[], mean: number, std: number): HostTensor<Float32Array> {
    if (!(std >= 0)) throw new RngError(`Rng.normal: std is ${std}, expected 0 or more.`);
    recordingNow()?.noteDraw(this);
    const data = new Float32Array(sizeIn("normal", shape));
    if (data.length >= 16) fillNormal(data, mean, std, this.#twister);
    else for (let i = 0; i < data.length; i++) data[i] = this.#normal() * std + mean;
    return { data, shape: [...shape] };
  }

  /** Integers from `low` to `high − 1`, as `torch.randint`. */
  randint(low: number, high: number, shape: readonly number[]): HostTensor<Int32Array> {
    const range = high - low;
    const whole = Number.isInteger(low) && Number.isInteger(high);
    if (!whole || range <= 0 || low < -(2 ** 31) || high > 2 ** 31)
      throw new RngError(
        `Rng.randint: low is ${low} and high ${high}, expected integers of 32 bits with low < high.`,
      );
    recordingNow()?.noteDraw(this);
    const data = new Int32Array(sizeIn("randint", shape));
    for (let i = 0; i < data.length; i++) data[i] = this.#below(range, WIDE_RANGE) + low;
    return { data, shape: [...shape] };
  }

  /** The numbers from 0 to `n − 1` in random order, as `torch.randperm`. */
  randperm(n: number): Int32Array {
    recordingNow()?.noteDraw(this);
    const order = new Int32Array(sizeIn("randperm", [n]));
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = 0; i < n - 1; i++) {
      const j = i + (n < WIDE_PERMUTATION ? this.uint32() % (n - i) : this.#below(n - i, 0));
      const kept = order[i] as number;
      order[i] = order[j] as number;
      order[j] = kept;
    }
    return order;
  }

  /**
   * Ones with probability `p`, else zeros, as `Tensor.bernoulli_(p)`.
   *
   * @param one what stands for a one, such as the `1 / (1 - p)` of dropout. Default: 1.
   */
  bernoulli(p: number, shape: readonly number[], one = 1): HostTensor<Float32Array> {
    if (!(p >= 0 && p <= 1)) throw new RngError(`Rng.bernoulli: p is ${p}, expected 0 to 1.`);
    if (!Number.isFinite(one)) throw new RngError(`Rng.bernoulli: one is ${one}, expected a finite number.`);
    recordingNow()?.noteDraw(this);
    const data = new Float32Array(sizeIn("bernoulli", shape));
    fillBernoulli(data, Math.ceil(p * 2 ** 53), one, this.#twister); // u < p, of 53 bits each
    return { data, shape: [...shape] };
  }

  /** Exponential numbers of mean 1, as `Tensor.exponential_`. */
  exponential(shape: readonly number[]): HostTensor<Float32Array> {
    recordingNow()?.noteDraw(this);
    const data = new Float32Array(sizeIn("exponential", shape));
    fillFromDoubles(data, (u) => -Math.log1p(-u), this.#twister);
    return { data, shape: [...shape] };
  }

  /** Continues as if {@link rand} or {@link uniform} had drawn numbers of this shape, without computing them. */
  skipUniform(shape: readonly number[]): void {
    recordingNow()?.noteDraw(this);
    skip(sizeIn("skipUniform", shape), this.#twister);
  }

  /** Continues as if {@link randn} or {@link normal} had drawn numbers of this shape, without computing them. */
  skipNormal(shape: readonly number[]): void {
    recordingNow()?.noteDraw(this);
    const size = sizeIn("skipNormal", shape);
    if (size < 16) this.normal(shape, 0, 1);
    else skip(size % 16 === 0 ? size : size + 16, this.#twister);
  }

  /** The state of the generator, which is not changed; {@link restore} takes any generator back here. */
  state(): RngState {
    const { words, position } = this.#twister;
    return { words: [...Uint32Array.from(words)], position, spareNormal: this.#spareNormal };
  }

  /** Continues where `state` was taken. */
  restore({ words, position, spareNormal }: RngState): void {
    recordingNow()?.noteDraw(this);
    const size = this.#twister.words.length;
    if (words.length !== size || !Number.isInteger(position) || position < 0 || position > size)
      throw new RngError(
        `Rng.restore: the state has ${words.length} words at position ${position}, expected ${size} and 0 to ${size}.`,
      );
    this.#twister.restore(words, position);
    this.#spareNormal = spareNormal;
  }

  #uint64(): bigint {
    const high = this.uint32();
    return (BigInt(high) << 32n) | BigInt(this.uint32());
  }

  #below(range: number, wide: number): number {
    return range < wide ? this.uint32() % range : Number(this.#uint64() % BigInt(range));
  }

  /** Box and Muller's pairs, in 64 bits: one now, one kept. */
  #normal(): number {
    const kept = this.#spareNormal;
    if (kept !== null) {
      this.#spareNormal = null;
      return kept;
    }
    const angle = 2 * Math.PI * uniform53(this);
    const radius = Math.sqrt(-2 * Math.log1p(-uniform53(this)));
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

function skip(count: number, twister: MersenneTwister): void {
  const fast = fastDraws(count);
  if (fast === null) twister.skip(count);
  else twister.advance((words, position) => fast.skip(words, position, count));
}

function sizeIn(method: string, shape: readonly number[]): number {
  const given: unknown = shape;
  if (!Array.isArray(given) || !shape.every((size) => Number.isInteger(size) && size >= 0))
    throw new RngError(
      `Rng.${method}: the shape is [${Array.isArray(given) ? given.join(", ") : String(given)}], expected integers of 0 or more.`,
    );
  const size = sizeOf(shape);
  if (size <= MOST_NUMBERS) return size;
  throw new RngError(`Rng.${method}: the shape is [${shape.join(", ")}], expected 2³¹ numbers at most.`);
}

/** Float32 numbers in 8 GiB: a shape beyond is a mistake. */
const MOST_NUMBERS = 2 ** 31;
