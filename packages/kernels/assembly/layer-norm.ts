import { squaresOfRow, sumOfRow } from "./parts/double";
import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";

/** `(x − mean) rate · weight + bias` for each row; also stores each row's mean and `rate = 1 / √(variance + eps)`. */
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
    const mean = <f32>(sumOfRow(x, columns) / <f64>columns);
    const middle = f32x4.splat(mean);
    const rate: f32 = 1 / sqrt<f32>(<f32>(squaresOfRow(x, columns, mean) / <f64>columns) + eps);
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
