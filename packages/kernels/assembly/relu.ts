import { loadLanes, storeLanes } from "./parts/lanes";

/** `x` where it is positive or NaN, else 0, of `count` numbers. */
export function relu(x: usize, y: usize, count: i32): void {
  for (; count >= 4; count -= 4, x += 16, y += 16) {
    const numbers = v128.load(x);
    v128.store(y, passed(numbers, numbers));
  }
  if (count > 0) {
    const numbers = loadLanes(x, count);
    storeLanes(y, passed(numbers, numbers), count);
  }
}

/** `dy` where `x` is positive or NaN, else 0, of `count` numbers. */
export function reluGradient(x: usize, dy: usize, dx: usize, count: i32): void {
  for (; count >= 4; count -= 4, x += 16, dy += 16, dx += 16)
    v128.store(dx, passed(v128.load(dy), v128.load(x)));
  if (count > 0) storeLanes(dx, passed(loadLanes(dy, count), loadLanes(x, count)), count);
}

function passed(numbers: v128, x: v128): v128 {
  return v128.andnot(numbers, f32x4.le(x, f32x4.splat(0)));
}
