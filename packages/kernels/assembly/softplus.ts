import { wideExp } from "./parts/exp";
import { loadLanes, storeLanes } from "./parts/lanes";
import { log1p } from "./parts/log1p";

/** `log(1 + e^(beta x)) / beta`, and `x` itself where `beta x` is above the threshold; `count` numbers. */
export function softplus(x: usize, y: usize, count: i32, beta: f32, threshold: f32): void {
  const factor = f32x4.splat(beta);
  const highest = f32x4.splat(threshold);
  const zero = f32x4.splat(0);
  for (; count > 0; count -= 4, x += 16, y += 16) {
    const numbers = loadLanes(x, count);
    const z = f32x4.mul(numbers, factor);
    const smooth = f32x4.add(f32x4.pmax(z, zero), log1p(wideExp(f32x4.neg(f32x4.abs(z)))));
    const all = v128.bitselect(numbers, f32x4.div(smooth, factor), f32x4.gt(z, highest));
    storeLanes(y, all, count);
  }
}
