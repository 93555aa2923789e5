import { exp } from "./exp";

let one = f32x4.splat(1);
let sign = i32x4.splat(0x80000000);

/** `1 / (1 + e⁻ˣ)` of four numbers. */
export function sigmoid(x: v128): v128 {
  return f32x4.div(one, f32x4.add(one, exp(v128.xor(x, sign))));
}

/** See keep-constants.ts. */
export function keepSigmoid(value: v128): void {
  one = value;
  sign = value;
}
