import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";
import { nanAtMinusInfinity } from "./parts/nan-at-minus-infinity";
import { sigmoid } from "./parts/sigmoid";

/** `x σ(x)`, `count` numbers. */
export function silu(x: usize, y: usize, count: i32): void {
  for (; count > 0; count -= 4, x += 16, y += 16) {
    const numbers = loadLanes(x, count);
    storeLanes(y, nanAtMinusInfinity(numbers, f32x4.mul(numbers, sigmoid(numbers))), count);
  }
}

/** `dy` times the derivative at `x`. */
export function siluGradient(x: usize, dy: usize, dx: usize, count: i32): void {
  const one = f32x4.splat(1);
  for (; count > 0; count -= 4, x += 16, dy += 16, dx += 16) {
    const numbers = loadLanes(x, count);
    const gate = sigmoid(numbers);
    const derivative = f32x4.mul(gate, madd(one, numbers, f32x4.sub(one, gate)));
    storeLanes(dx, f32x4.mul(loadLanes(dy, count), nanAtMinusInfinity(numbers, derivative)), count);
  }
}
