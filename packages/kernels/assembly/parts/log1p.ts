import { madd } from "./madd";

let one = f32x4.splat(1);
let root = f32x4.splat(1.41421356);
let half = f32x4.splat(0.5);
let log2 = f32x4.splat(0.69314718);
let p0 = f32x4.splat(7.0376836292e-2);
let p1 = f32x4.splat(-1.151461031e-1);
let p2 = f32x4.splat(1.167699874e-1);
let p3 = f32x4.splat(-1.2420140846e-1);
let p4 = f32x4.splat(1.4249322787e-1);
let p5 = f32x4.splat(-1.6668057665e-1);
let p6 = f32x4.splat(2.0000714765e-1);
let p7 = f32x4.splat(-2.4999993993e-1);
let p8 = f32x4.splat(3.3333331174e-1);

/**
 * `log(1 + x)` of four numbers between 0 and 1, to the last digit but one: the logarithm of the rounded sum by a polynomial (Cephes' `logf`), and what the
 * rounding lost.
 */
export function log1p(x: v128): v128 {
  const sum = f32x4.add(x, one);
  const lost = f32x4.div(f32x4.sub(x, f32x4.sub(sum, one)), sum);
  const isLarge = f32x4.gt(sum, root);
  const near = f32x4.sub(v128.bitselect(f32x4.mul(sum, half), sum, isLarge), one);
  const square = f32x4.mul(near, near);
  let p = madd(p1, p0, near);
  p = madd(p2, p, near);
  p = madd(p3, p, near);
  p = madd(p4, p, near);
  p = madd(p5, p, near);
  p = madd(p6, p, near);
  p = madd(p7, p, near);
  p = madd(p8, p, near);
  const curved = f32x4.sub(f32x4.mul(f32x4.mul(near, square), p), f32x4.mul(half, square));
  return f32x4.add(f32x4.add(f32x4.add(near, curved), lost), v128.and(log2, isLarge));
}

/** See keep-constants.ts. */
export function keepLog1p(value: v128): void {
  one = value;
  root = value;
  half = value;
  log2 = value;
  p0 = value;
  p1 = value;
  p2 = value;
  p3 = value;
  p4 = value;
  p5 = value;
  p6 = value;
  p7 = value;
  p8 = value;
}
