// The logarithm, sine and cosine of the Cephes library (Moshier, 1992, single precision), rounded step by step as
// PyTorch's vector code rounds them: normal draws agree with PyTorch's in the last bit.

const { fround } = Math;

const LOG = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(fround);
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
  let exponent = (pattern >>> 23) - 126;
  bits[0] = (pattern & 0x807fffff) | 0x3f000000;
  let rest = float[0] as number; // x = rest · 2^exponent, ½ ≤ rest < 1
  if (rest < SQRT_HALF) {
    exponent -= 1;
    rest += rest;
  }
  rest = fround(rest - 1);
  const square = fround(rest * rest);
  let y = LOG[0] as number;
  for (let i = 1; i < LOG.length; i++) y = multiplyAdd(y, rest, LOG[i] as number);
  y = multiplyAdd(fround(y * rest), square, fround(exponent * LN2_LOW));
  y = multiplyAdd(-0.5, square, y);
  return multiplyAdd(exponent, LN2_HIGH, fround(rest + y));
}

const FOUR_OVER_PI = fround(4 / Math.PI);
/** π / 4 in three parts, so that its small multiples can be taken off without loss. */
const QUARTER_TURN = [0.78515625, 2.4187564849853516e-4, 3.774894977445941e-8].map(fround);
const SIN = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(fround);
const COS = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(fround);

/** Sine and cosine of an angle from 0 to 2π, a 32-bit number. */
export function sinCos32(angle: number): readonly [sin: number, cos: number] {
  const octant = (Math.trunc(fround(angle * FOUR_OVER_PI)) + 1) & ~1;
  let x = angle;
  for (const part of QUARTER_TURN) x = multiplyAdd(octant, -part, x);
  const square = fround(x * x);
  const sin = multiplyAdd(fround(polynomial(SIN, square) * square), x, x);
  const tail = fround(polynomial(COS, square) * square);
  const cos = fround(multiplyAdd(tail, square, -0.5 * square) + 1);
  switch (octant & 7) {
    case 0:
      return [sin, cos];
    case 2:
      return [cos, -sin];
    case 4:
      return [-sin, -cos];
    default:
      return [-cos, sin];
  }
}

function polynomial(coefficients: readonly number[], x: number): number {
  const [a, b, c] = coefficients as [number, number, number];
  return multiplyAdd(multiplyAdd(a, x, b), x, c);
}

/** `a b + c`, rounded once: the product of two 32-bit numbers is exact in 64 bits. */
export function multiplyAdd(a: number, b: number, c: number): number {
  return fround(a * b + c);
}
