// The logarithm, sine and cosine of the Cephes library (Moshier, 1992, single precision), rounded step by step as
// PyTorch's vector code rounds them: normal draws agree with PyTorch's in the last bit. Written out, not looped over
// arrays of coefficients: that is twice as fast.

const { fround } = Math;

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
const SQRT_HALF = fround(Math.SQRT1_2);

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** `ln x` for a 32-bit number above 0. */
export function log32(x: number): number {
  float[0] = x;
  const pattern = bits[0] as number;
  bits[0] = (pattern & 0x807fffff) | 0x3f000000;
  const fraction = float[0] as number; // x = fraction · 2^exponent, ½ ≤ fraction < 1
  const low = fraction < SQRT_HALF;
  const exponent = (pattern >>> 23) - (low ? 127 : 126);
  const rest = fround((low ? 2 * fraction : fraction) - 1);
  const square = fround(rest * rest);
  let y = multiplyAdd(L0, rest, L1);
  y = multiplyAdd(y, rest, L2);
  y = multiplyAdd(y, rest, L3);
  y = multiplyAdd(y, rest, L4);
  y = multiplyAdd(y, rest, L5);
  y = multiplyAdd(y, rest, L6);
  y = multiplyAdd(y, rest, L7);
  y = multiplyAdd(y, rest, L8);
  y = multiplyAdd(fround(y * rest), square, fround(exponent * LN2_LOW));
  y = multiplyAdd(-0.5, square, y);
  return multiplyAdd(exponent, LN2_HIGH, fround(rest + y));
}

const FOUR_OVER_PI = fround(4 / Math.PI);
/** π / 4 in three parts, so that its small multiples can be taken off without loss. */
const P0 = 0.78515625;
const P1 = fround(2.4187564849853516e-4);
const P2 = fround(3.774894977445941e-8);

/** An angle from 0 to 2π as an even number of eighths of a turn, and what is left: at most an eighth either way. */
export function octantOf(angle: number): number {
  return ((fround(angle * FOUR_OVER_PI) | 0) + 1) & ~1;
}

/** The remainder of the angle after its octants. */
export function remainderOf(angle: number, octant: number): number {
  return multiplyAdd(octant, -P2, multiplyAdd(octant, -P1, multiplyAdd(octant, -P0, angle)));
}

const S0 = fround(-1.9515295891e-4);
const S1 = fround(8.3321608736e-3);
const S2 = fround(-1.6666654611e-1);

/** `sin x` for a 32-bit number from −π/4 to π/4. */
export function sin32(x: number): number {
  const square = fround(x * x);
  const y = multiplyAdd(multiplyAdd(S0, square, S1), square, S2);
  return multiplyAdd(fround(y * square), x, x);
}

const C0 = fround(2.443315711809948e-5);
const C1 = fround(-1.388731625493765e-3);
const C2 = fround(4.166664568298827e-2);

/** `cos x` for a 32-bit number from −π/4 to π/4. */
export function cos32(x: number): number {
  const square = fround(x * x);
  const y = multiplyAdd(multiplyAdd(C0, square, C1), square, C2);
  return fround(multiplyAdd(fround(y * square), square, -0.5 * square) + 1);
}

/** `a b + c`, rounded once: the product of two 32-bit numbers is exact in 64 bits. */
export function multiplyAdd(a: number, b: number, c: number): number {
  return fround(a * b + c);
}
