import { squaresOfRow } from "./parts/double";
import { loadLanes, storeLanes } from "./parts/lanes";

/** `x rate · weight` for each row; also stores each row's `rate = 1 / √(mean(x²) + eps)`. */
export function rmsNorm(
  x: usize,
  weight: usize,
  y: usize,
  rates: usize,
  rows: i32,
  columns: i32,
  eps: f32,
): void {
  const row = (<usize>columns) << 2;
  for (let r = 0; r < rows; r++, x += row, y += row, rates += 4) {
    const rate: f32 = 1 / sqrt<f32>(<f32>(squaresOfRow(x, columns, 0) / <f64>columns) + eps);
    const factor = f32x4.splat(rate);
    for (let at: usize = 0; at < row; at += 16) {
      const lanes = <i32>((row - at) >> 2);
      const normal = f32x4.mul(loadLanes(x + at, lanes), factor);
      storeLanes(y + at, f32x4.mul(normal, loadLanes(weight + at, lanes)), lanes);
    }
    store<f32>(rates, rate);
  }
}
