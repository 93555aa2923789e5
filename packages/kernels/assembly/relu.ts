import { loadLanes, storeLanes } from "./parts/lanes";

/** `dy` where `x` is positive or NaN, else 0, of `count` numbers. */
export function reluGradient(x: usize, dy: usize, dx: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (; count > 0; count -= 4, x += 16, dy += 16, dx += 16) {
    storeLanes(dx, v128.andnot(loadLanes(dy, count), f32x4.le(loadLanes(x, count), zero)), count);
  }
}
