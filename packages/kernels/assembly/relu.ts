import { loadLanes, storeLanes } from "./parts/lanes";

/** `dy` where `x` is positive or NaN, else 0, of `count` numbers. */
export function reluGradient(x: usize, dy: usize, dx: usize, count: i32): void {
  for (; count >= 4; count -= 4, x += 16, dy += 16, dx += 16)
    v128.store(dx, passed(v128.load(dy), v128.load(x)));
  if (count > 0) storeLanes(dx, passed(loadLanes(dy, count), loadLanes(x, count)), count);
}

function passed(dy: v128, x: v128): v128 {
  return v128.andnot(dy, f32x4.le(x, f32x4.splat(0)));
}
