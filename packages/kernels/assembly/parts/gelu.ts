import { exp } from "./exp";
import { madd } from "./madd";
import { nanAtMinusInfinity } from "./nan-at-minus-infinity";

let one = f32x4.splat(1);
let cube = f32x4.splat(0.044715);
let rise = f32x4.splat(0.134145);
let factor = f32x4.splat(1.5957691216);
let negative = f32x4.splat(-1.5957691216);

/** `x σ(2 √(2/π) (x + 0.044715 x³))` of four numbers. */
export function gelu(x: v128): v128 {
  return nanAtMinusInfinity(x, f32x4.mul(x, gateOf(x, f32x4.mul(x, x))));
}

/** Its derivative. */
export function geluDerivative(x: v128): v128 {
  const square = f32x4.mul(x, x);
  const gate = gateOf(x, square);
  const steep = f32x4.mul(madd(one, square, rise), factor);
  const along = f32x4.mul(f32x4.mul(x, steep), f32x4.sub(one, gate));
  return nanAtMinusInfinity(x, madd(gate, gate, along));
}

function gateOf(x: v128, square: v128): v128 {
  const inner = f32x4.mul(f32x4.mul(x, madd(one, square, cube)), negative);
  return f32x4.div(one, f32x4.add(one, exp(inner)));
}

/** See keep-constants.ts. */
export function keepGelu(value: v128): void {
  one = value;
  cube = value;
  rise = value;
  factor = value;
  negative = value;
}
