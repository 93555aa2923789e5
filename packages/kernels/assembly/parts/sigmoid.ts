import { exp } from "./exp";

/** `1 / (1 + e⁻ˣ)` of four numbers. */
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}
