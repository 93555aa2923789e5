import { wideExp } from "./parts/exp";
import { loadLanes, storeLanes } from "./parts/lanes";
import { tanh } from "./parts/tanh";

// Functions of one number, of `count` numbers.

/** `eˣ` */
export function exponential(x: usize, y: usize, count: i32): void {
  for (; count > 0; count -= 4, x += 16, y += 16) storeLanes(y, wideExp(loadLanes(x, count)), count);
}

/** `−x` */
export function negative(x: usize, y: usize, count: i32): void {
  for (; count > 0; count -= 4, x += 16, y += 16) storeLanes(y, f32x4.neg(loadLanes(x, count)), count);
}

/** `1 / (1 + e⁻ˣ)` */
export function logistic(x: usize, y: usize, count: i32): void {
  const one = f32x4.splat(1);
  for (; count > 0; count -= 4, x += 16, y += 16) {
    const power = wideExp(f32x4.neg(loadLanes(x, count)));
    storeLanes(y, f32x4.div(one, f32x4.add(one, power)), count);
  }
}

/** `tanh x` */
export function hyperbolicTangent(x: usize, y: usize, count: i32): void {
  for (; count > 0; count -= 4, x += 16, y += 16) storeLanes(y, tanh(loadLanes(x, count)), count);
}
