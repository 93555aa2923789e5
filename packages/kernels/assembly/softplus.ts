import { expOfOne } from "./parts/exp-of-one";

/** `log(1 + e^(beta x)) / beta`, and `x` itself where `beta x` is above the threshold; `count` numbers. */
export function softplus(x: usize, y: usize, count: i32, beta: f32, threshold: f32): void {
  for (; count > 0; count--, x += 4, y += 4) {
    const number = load<f32>(x);
    const z = number * beta;
    const smooth = (max<f32>(z, 0) + NativeMathf.log1p(expOfOne(-abs<f32>(z)))) / beta;
    store<f32>(y, z > threshold ? number : smooth);
  }
}
