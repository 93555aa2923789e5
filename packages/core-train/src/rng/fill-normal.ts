import { fastDraws } from "./fast-draws.ts";
import type { MersenneTwister } from "./mersenne-twister.ts";

const { clz32, fround, sqrt } = Math;

/** How many numbers are computed at a time: few enough for a processor's nearest cache. A multiple of 16. */
const CHUNK = 2048;

/**
 * Fills `data`, of 16 numbers or more, with normal numbers as PyTorch does: uniform numbers first, transformed in blocks
 * of 16 by Box and Muller's formula in 32 bits; the rest is drawn anew, as the last 16.
 *
 * Logarithm, sine and cosine are those of the Cephes library (Moshier, 1992, single precision), rounded step by step as
 * PyTorch's vector code rounds them, so that draws agree in the last bit. `fround(a * b + c)` is a fused multiply-add:
 * the product of two 32-bit numbers is exact in 64 bits. For speed there are many short loops, which a processor overlaps
 * better than a long one, and nothing branches on what was drawn.
 */
export function fillNormal(data: Float32Array, mean: number, std: number, twister: MersenneTwister): void {
  const pair = new BoxMuller(Math.min(data.length, CHUNK), twister, fround(mean), fround(std));
  const whole = data.length - (data.length % 16);
  const fast = fastDraws(whole);
  if (fast !== null)
    twister.advance((words, position) =>
      fast.normal(words, position, data.subarray(0, whole), fround(mean), fround(std)),
    );
  else
    for (let start = 0; start < whole; start += CHUNK) pair.fill(data, start, Math.min(start + CHUNK, whole));
  if (whole === data.length) return;
  twister.skip(data.length - whole); // PyTorch draws them, and overwrites them
  pair.fill(data, data.length - 16, data.length);
}

/** The arrays between the loops: one entry for each pair of normal numbers. */
class BoxMuller {
  readonly #twister: MersenneTwister;
  readonly #mean: number;
  readonly #std: number;
  readonly #bits: Int32Array;
  readonly #radii: Float32Array;
  /** Exponents of the logarithms, then octants of the angles. */
  readonly #integers: Int32Array;
  readonly #rests: Float32Array;
  readonly #sines: Float32Array;
  readonly #cosines: Float32Array;

  constructor(size: number, twister: MersenneTwister, mean: number, std: number) {
    this.#twister = twister;
    this.#mean = mean;
    this.#std = std;
    this.#bits = new Int32Array(size);
    this.#radii = new Float32Array(size / 2);
    this.#integers = new Int32Array(size / 2);
    this.#rests = new Float32Array(size / 2);
    this.#sines = new Float32Array(size / 2);
    this.#cosines = new Float32Array(size / 2);
  }

  /** Fills `data` from `start` to `end`. */
  fill(data: Float32Array, start: number, end: number): void {
    const count = (end - start) / 2;
    this.#twister.fill(this.#bits, end - start);
    splitFloats(this.#integers, this.#rests, this.#bits, count);
    startLogarithms(this.#radii, this.#rests, count);
    fillRadii(this.#radii, this.#integers, this.#rests, count);
    reduceAngles(this.#integers, this.#rests, this.#bits, count);
    fillSines(this.#sines, this.#rests, count);
    fillCosines(this.#cosines, this.#rests, count);
    this.#put(data, start, count);
  }

  /** The radius times cosine and sine of the whole angle: those of the rest, turned by quarters. */
  #put(data: Float32Array, start: number, count: number): void {
    const [radii, octants, sines, cosines] = [this.#radii, this.#integers, this.#sines, this.#cosines];
    const [mean, std] = [this.#mean, this.#std];
    for (let i = 0; i < count; i++) {
      const k = start + 2 * i - (i & 7); // 8 cosines, then their 8 sines
      const octant = octants[i] as number;
      const half = 1 - (octant & 4) * 0.5; //     −1 after half a turn
      const quarter = (octant & 2) * 0.5; //      1 after an odd number of quarter turns
      const a = half * (1 - quarter); //          of a and b, one is 0, the other 1 or −1
      const b = half * quarter;
      const cos = cosines[i] as number;
      const sin = sines[i] as number;
      const radius = radii[i] as number;
      data[k] = fround(radius * (cos * a - sin * b)) * std + mean;
      data[k + 8] = fround(radius * (sin * a + cos * b)) * std + mean;
    }
  }
}

const L0 = fround(7.0376836292e-2);
const L1 = fround(-1.151461031e-1);
const L2 = fround(1.167699874e-1);
const L3 = fround(-1.2420140846e-1);
const L4 = fround(1.4249322787e-1);
const L5 = fround(-1.6668057665e-1);
const L6 = fround(2.0000714765e-1);
const L7 = fround(-2.4999993993e-1);
const L8 = fround(3.3333331174e-1);
/** ln 2 in two parts: the first has few digits, so that its multiples are exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = fround(-2.1219444e-4);
/** `√½ · 2²⁴` as a 32-bit number rounds it. */
const SQRT_HALF = fround(Math.SQRT1_2) * 2 ** 24;

/**
 * Splits `1 − u`, for the first 8 of each 16 uniform numbers `u`, which are the low 24 bits of `bits`, into
 * `2^exponent · (1 + rest)` with `√½ ≤ 1 + rest < √2`.
 */
function splitFloats(exponents: Int32Array, rests: Float32Array, bits: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const m = 0x1000000 - ((bits[2 * i - (i & 7)] as number) & 0xffffff); // 1 − u = m · 2⁻²⁴
    const shift = clz32(m);
    const fraction = (m << (shift - 7)) >>> 1; // 1 − u = fraction · 2⁻²⁴ · 2^(8 − shift), ½ ≤ fraction · 2⁻²⁴ < 1
    const low = (fraction - SQRT_HALF) >>> 31; // whether it is below √½: then doubled
    exponents[i] = 8 - shift - low;
    rests[i] = ((fraction << low) - 0x1000000) * 2 ** -24;
  }
}

/** The first five terms of the polynomial in `ln(1 + x) = x − x²/2 + x³ · polynomial(x)`. */
function startLogarithms(terms: Float32Array, rests: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const x = rests[i] as number;
    const y = fround(fround(fround(L0 * x + L1) * x + L2) * x + L3);
    terms[i] = y * x + L4;
  }
}

/** The rest of it, and `√(−2 ln(1 − u))`. */
function fillRadii(radii: Float32Array, exponents: Int32Array, rests: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const x = rests[i] as number;
    const exponent = exponents[i] as number;
    const xx = fround(x * x);
    let y = fround((radii[i] as number) * x + L5);
    y = fround(y * x + L6);
    y = fround(y * x + L7);
    y = fround(y * x + L8);
    y = fround(fround(y * x) * xx + fround(exponent * LN2_LOW));
    y = fround(-0.5 * xx + y);
    radii[i] = sqrt(fround(-2 * fround(exponent * LN2_HIGH + fround(x + y))));
  }
}

const TWO_PI = fround(2 * Math.PI);
const FOUR_OVER_PI = fround(4 / Math.PI);
/** π / 4 in three parts, so that its small multiples can be taken off without loss. */
const P0 = 0.78515625;
const P1 = fround(2.4187564849853516e-4);
const P2 = fround(3.774894977445941e-8);

/** Splits the angles `2π u` of the last 8 of each 16 into an even number of eighths of a turn, and the rest: at most an eighth either way. */
function reduceAngles(octants: Int32Array, rests: Float32Array, bits: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const angle = fround(TWO_PI * (((bits[2 * i - (i & 7) + 8] as number) & 0xffffff) * 2 ** -24));
    const octant = ((fround(angle * FOUR_OVER_PI) | 0) + 1) & ~1;
    octants[i] = octant;
    rests[i] = octant * -P2 + fround(octant * -P1 + fround(octant * -P0 + angle));
  }
}

const S0 = fround(-1.9515295891e-4);
const S1 = fround(8.3321608736e-3);
const S2 = fround(-1.6666654611e-1);

/** `sin x` from −π/4 to π/4. */
function fillSines(sines: Float32Array, rests: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const x = rests[i] as number;
    const xx = fround(x * x);
    const y = fround(fround(S0 * xx + S1) * xx + S2);
    sines[i] = fround(y * xx) * x + x;
  }
}

const C0 = fround(2.443315711809948e-5);
const C1 = fround(-1.388731625493765e-3);
const C2 = fround(4.166664568298827e-2);

/** `cos x` from −π/4 to π/4. */
function fillCosines(cosines: Float32Array, rests: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const x = rests[i] as number;
    const xx = fround(x * x);
    const y = fround(fround(C0 * xx + C1) * xx + C2);
    cosines[i] = fround(fround(y * xx) * xx + -0.5 * xx) + 1;
  }
}
