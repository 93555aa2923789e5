import { exp, expm1 } from "./parts/exp";
import { loadLanes, storeLanes } from "./parts/lanes";

/** `x` if it is positive, else `alpha (eˣ − 1)`, `count` numbers. */
export function elu(x: usize, y: usize, count: i32, alpha: f32): void {
  const zero = f32x4.splat(0);
  const factor = f32x4.splat(alpha);
  for (; count > 0; count -= 4, x += 16, y += 16) {
    const numbers = loadLanes(x, count);
    const bent = f32x4.mul(expm1(f32x4.min(numbers, zero)), factor);
    storeLanes(y, v128.bitselect(numbers, bent, f32x4.gt(numbers, zero)), count);
  }
}

/** `dy` times the derivative at `x`: `alpha eˣ` if it is not positive, else 1, also at NaN. */
export function eluGradient(x: usize, dy: usize, dx: usize, count: i32, alpha: f32): void {
  const zero = f32x4.splat(0);
  const factor = f32x4.splat(alpha);
  for (; count > 0; count -= 4, x += 16, dy += 16, dx += 16) {
    const numbers = loadLanes(x, count);
    const d = loadLanes(dy, count);
    const bent = f32x4.mul(d, f32x4.mul(exp(f32x4.min(numbers, zero)), factor));
    storeLanes(dx, v128.bitselect(bent, d, f32x4.le(numbers, zero)), count);
  }
}
