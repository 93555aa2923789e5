import { exp } from "./exp";
import { madd } from "./madd";

let p0 = f32x4.splat(-5.70498872745e-3);
let p1 = f32x4.splat(2.06390887954e-2);
let p2 = f32x4.splat(-5.37397155531e-2);
let p3 = f32x4.splat(1.33314422036e-1);
let p4 = f32x4.splat(-3.33332819422e-1);
let one = f32x4.splat(1);
let two = f32x4.splat(2);
let small = f32x4.splat(0.625);

/**
 * The hyperbolic tangent of four numbers, to the last digit but one: near 0 a polynomial (Cephes' `tanhf`), beyond it
 * `1 − 2 / (e²ˣ + 1)`; NaN stays NaN.
 */
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  let p = madd(p1, p0, square);
  p = madd(p2, p, square);
  p = madd(p3, p, square);
  p = madd(p4, p, square);
  const near = madd(x, f32x4.mul(p, square), x);
  const far = f32x4.sub(one, f32x4.div(two, f32x4.add(exp(f32x4.add(size, size)), one)));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, small));
}

/** See keep-constants.ts. */
export function keepTanh(value: v128): void {
  p0 = value;
  p1 = value;
  p2 = value;
  p3 = value;
  p4 = value;
  one = value;
  two = value;
  small = value;
}
