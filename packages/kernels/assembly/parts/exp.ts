import { madd } from "./madd";

// The constants are globals that may change (keep-constants.ts): V8 reads such a vector in one instruction, and writes out one that is known in three at each use.
let lowest = f32x4.splat(-87);
let highest = f32x4.splat(88);
let least = f32x4.splat(-104);
let most = f32x4.splat(89);
let perLog2 = f32x4.splat(1.44269504);
/** 1.5 · 2²³: added to a number, it rounds it to an integer, which is then in the lowest bits. */
let shift = f32x4.splat(12582912);
let log2 = f32x4.splat(-0.693359375);
let rest = f32x4.splat(2.1219444e-4);
let p0 = f32x4.splat(1.9875691e-4);
let p1 = f32x4.splat(1.3981999e-3);
let p2 = f32x4.splat(8.333452e-3);
let p3 = f32x4.splat(4.1665796e-2);
let p4 = f32x4.splat(1.6666666e-1);
let p5 = f32x4.splat(5.0000001e-1);
let one = f32x4.splat(1);
let bias = i32x4.splat(127);

/**
 * `eˣ` of four numbers, to the last digit but one: `x = n log 2 + r`, a polynomial in `r` (Cephes' `expf`), and `n` put into the
 * exponent. Below −87 it stays at 1e-38, above 88 at 2e38; NaN stays NaN.
 */
export function exp(x: v128): v128 {
  const within = f32x4.pmin(f32x4.pmax(x, lowest), highest); // these keep the first where it is NaN
  const shifted = f32x4.add(f32x4.mul(within, perLog2), shift);
  return f32x4.mul(f32x4.add(bent(within, shifted), one), power(i32x4.add(shifted, bias)));
}

/** {@link exp} of all numbers: down to 0 and up to infinity. */
export function wideExp(x: v128): v128 {
  const within = f32x4.pmin(f32x4.pmax(x, least), most);
  const shifted = f32x4.add(f32x4.mul(within, perLog2), shift);
  const n = i32x4.sub(shifted, shift);
  const half = i32x4.shr_s(n, 1);
  const near = f32x4.mul(f32x4.add(bent(within, shifted), one), power(i32x4.add(half, bias)));
  return f32x4.mul(near, power(i32x4.add(i32x4.sub(n, half), bias)));
}

/** `eˣ − 1` of four numbers of at most 88, precise for small ones too: see {@link exp}. Below −87 it is −1; NaN stays NaN. */
export function expm1(x: v128): v128 {
  const within = f32x4.pmin(f32x4.pmax(x, lowest), highest);
  const shifted = f32x4.add(f32x4.mul(within, perLog2), shift);
  const scale = power(i32x4.add(shifted, bias));
  return f32x4.add(f32x4.mul(bent(within, shifted), scale), f32x4.sub(scale, one));
}

/** `eʳ − 1` of what is left of `x` beyond multiples of log 2. */
function bent(x: v128, shifted: v128): v128 {
  const n = f32x4.sub(shifted, shift);
  const r = madd(madd(x, n, log2), n, rest);
  let p = madd(p1, p0, r);
  p = madd(p2, p, r);
  p = madd(p3, p, r);
  p = madd(p4, p, r);
  p = madd(p5, p, r);
  return madd(r, f32x4.mul(r, r), p);
}

/** The float whose exponent has these lowest 8 bits: a power of two. */
function power(exponent: v128): v128 {
  return i32x4.shl(exponent, 23);
}

/** See keep-constants.ts. */
export function keepExp(value: v128): void {
  lowest = value;
  highest = value;
  least = value;
  most = value;
  perLog2 = value;
  shift = value;
  log2 = value;
  rest = value;
  p0 = value;
  p1 = value;
  p2 = value;
  p3 = value;
  p4 = value;
  p5 = value;
  one = value;
  bias = value;
}
