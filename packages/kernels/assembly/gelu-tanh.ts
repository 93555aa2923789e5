import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";
import { nanAtMinusInfinity } from "./parts/nan-at-minus-infinity";
import { sigmoid } from "./parts/sigmoid";

/** `x σ(2 √(2/π) (x + 0.044715 x³))`: the GELU with the hyperbolic tangent, `count` numbers. */
export function geluTanh(x: usize, y: usize, count: i32): void {
  const one = f32x4.splat(1);
  for (; count > 0; count -= 4, x += 16, y += 16) {
    const numbers = loadLanes(x, count);
    const bent = madd(one, f32x4.mul(numbers, numbers), f32x4.splat(0.044715));
    const inner = f32x4.mul(f32x4.mul(numbers, bent), f32x4.splat(1.5957691216));
    storeLanes(y, nanAtMinusInfinity(numbers, f32x4.mul(numbers, sigmoid(inner))), count);
  }
}

/** `dy` times the derivative at `x`. */
export function geluTanhGradient(x: usize, dy: usize, dx: usize, count: i32): void {
  const one = f32x4.splat(1);
  for (; count > 0; count -= 4, x += 16, dy += 16, dx += 16) {
    const numbers = loadLanes(x, count);
    const square = f32x4.mul(numbers, numbers);
    const bent = madd(one, square, f32x4.splat(0.044715));
    const gate = sigmoid(f32x4.mul(f32x4.mul(numbers, bent), f32x4.splat(1.5957691216)));
    const rise = f32x4.mul(madd(one, square, f32x4.splat(0.134145)), f32x4.splat(1.5957691216));
    const along = f32x4.mul(f32x4.mul(numbers, rise), f32x4.sub(one, gate));
    storeLanes(
      dx,
      f32x4.mul(loadLanes(dy, count), nanAtMinusInfinity(numbers, madd(gate, gate, along))),
      count,
    );
  }
}
