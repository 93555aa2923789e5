import { gelu, geluDerivative } from "./parts/gelu";
import { loadLanes, storeLanes } from "./parts/lanes";

/** The GELU with the hyperbolic tangent, of `count` numbers. */
export function geluTanh(x: usize, y: usize, count: i32): void {
  for (; count >= 4; count -= 4, x += 16, y += 16) v128.store(y, gelu(v128.load(x)));
  if (count > 0) storeLanes(y, gelu(loadLanes(x, count)), count);
}

/** `dy` times the derivative at `x`. */
export function geluTanhGradient(x: usize, dy: usize, dx: usize, count: i32): void {
  for (; count >= 4; count -= 4, x += 16, dy += 16, dx += 16)
    v128.store(dx, f32x4.mul(v128.load(dy), geluDerivative(v128.load(x))));
  if (count > 0) storeLanes(dx, f32x4.mul(loadLanes(dy, count), geluDerivative(loadLanes(x, count))), count);
}
