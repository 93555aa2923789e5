import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";
import { nanAtMinusInfinity } from "./parts/nan-at-minus-infinity";
import { sigmoid } from "./parts/sigmoid";

/** `x σ(x)`, `count` numbers. */
export function silu(x: usize, y: usize, count: i32): void {
  for (; count >= 4; count -= 4, x += 16, y += 16) v128.store(y, siluOf(v128.load(x)));
  if (count > 0) storeLanes(y, siluOf(loadLanes(x, count)), count);
}

function siluOf(x: v128): v128 {
  return nanAtMinusInfinity(x, f32x4.mul(x, sigmoid(x)));
}

/** `dy` times the derivative at `x`. */
export function siluGradient(x: usize, dy: usize, dx: usize, count: i32): void {
  for (; count >= 4; count -= 4, x += 16, dy += 16, dx += 16)
    v128.store(dx, f32x4.mul(v128.load(dy), derivative(v128.load(x))));
  if (count > 0) storeLanes(dx, f32x4.mul(loadLanes(dy, count), derivative(loadLanes(x, count))), count);
}

function derivative(x: v128): v128 {
  const one = f32x4.splat(1);
  const gate = sigmoid(x);
  return nanAtMinusInfinity(x, f32x4.mul(gate, madd(one, x, f32x4.sub(one, gate))));
}
