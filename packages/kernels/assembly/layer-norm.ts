import { firstLanes, loadLanes, storeLanes, sumOfLanes } from "./parts/lanes";
import { madd } from "./parts/madd";

/** `(x − mean) rate · weight + bias` for each row, with the mean and `rate = 1 / √(variance + eps)` beside it. */
export function layerNorm(
  x: usize,
  weight: usize,
  bias: usize,
  y: usize,
  means: usize,
  rates: usize,
  rows: i32,
  columns: i32,
  eps: f32,
): void {
  const row = (<usize>columns) << 2;
  for (let r = 0; r < rows; r++, x += row, y += row, means += 4, rates += 4) {
    const mean = sumOf(x, columns) / <f32>columns;
    const middle = f32x4.splat(mean);
    let squares = f32x4.splat(0);
    for (let at: usize = 0; at < row; at += 16) {
      const lanes = <i32>((row - at) >> 2);
      const apart = f32x4.sub(loadLanes(x + at, lanes), lanes >= 4 ? middle : firstLanes(middle, lanes, 0));
      squares = madd(squares, apart, apart);
    }
    const rate: f32 = 1 / sqrt<f32>(sumOfLanes(squares) / <f32>columns + eps);
    const factor = f32x4.splat(rate);
    for (let at: usize = 0; at < row; at += 16) {
      const lanes = <i32>((row - at) >> 2);
      const normal = f32x4.mul(f32x4.sub(loadLanes(x + at, lanes), middle), factor);
      const level = loadLanes(bias + at, lanes);
      storeLanes(y + at, madd(level, normal, loadLanes(weight + at, lanes)), lanes);
    }
    store<f32>(means, mean);
    store<f32>(rates, rate);
  }
}

function sumOf(x: usize, count: i32): f32 {
  let sum = f32x4.splat(0);
  for (; count > 0; count -= 4, x += 16) sum = f32x4.add(sum, loadLanes(x, count));
  return sumOfLanes(sum);
}
