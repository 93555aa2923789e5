import { foldToDoubles, sumOfDoubles } from "./parts/double";
import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";
import { finish, flush, ROWS } from "./parts/totals";

/** Bytes of a row that are added up in 32 bits. */
const BLOCK: usize = 128;

/**
 * The gradients of a layer norm: at its input, its weight and its bias. Those at the means and the rates, which it returns too, count as well.
 *
 * @param room for the totals of 2 × `columns` numbers
 */
export function layerNormGradient(
  dy: usize,
  dMeans: usize,
  dRates: usize,
  x: usize,
  weight: usize,
  means: usize,
  rates: usize,
  dx: usize,
  dWeight: usize,
  dBias: usize,
  room: usize,
  rows: i32,
  columns: i32,
): void {
  const row = (<usize>columns) << 2;
  const biases = room + row;
  memory.fill(room, 0, 6 * row);
  for (let r = 0; r < rows; r++, x += row, dy += row, dx += row) {
    const at = (<usize>r) << 2;
    const mean = f32x4.splat(load<f32>(means + at));
    const rate = load<f32>(rates + at);
    const factor = f32x4.splat(rate);
    let sum: f64 = 0;
    let along: f64 = 0;
    for (let start: usize = 0; start < row; start += BLOCK) {
      let s = f32x4.splat(0);
      let a = s;
      for (let i = start; i < min(row, start + BLOCK); i += 16) {
        const lanes = <i32>((row - i) >> 2);
        const normal = f32x4.mul(f32x4.sub(loadLanes(x + i, lanes), mean), factor);
        const d = loadLanes(dy + i, lanes);
        const g = f32x4.mul(d, loadLanes(weight + i, lanes));
        s = f32x4.add(s, g);
        a = madd(a, g, normal);
        storeLanes(room + i, madd(loadLanes(room + i, lanes), d, normal), lanes);
        storeLanes(biases + i, f32x4.add(loadLanes(biases + i, lanes), d), lanes);
      }
      sum += sumOfDoubles(foldToDoubles(s));
      along += sumOfDoubles(foldToDoubles(a));
    }
    const n = <f64>columns;
    const level = f32x4.splat(<f32>((sum - <f64>load<f32>(dMeans + at) / <f64>rate) / n));
    const share = f32x4.splat(<f32>((along + <f64>rate * <f64>load<f32>(dRates + at)) / n));
    for (let i: usize = 0; i < row; i += 16) {
      const lanes = <i32>((row - i) >> 2);
      const normal = f32x4.mul(f32x4.sub(loadLanes(x + i, lanes), mean), factor);
      const g = f32x4.mul(loadLanes(dy + i, lanes), loadLanes(weight + i, lanes));
      const rest = f32x4.sub(f32x4.sub(g, level), f32x4.mul(normal, share));
      storeLanes(dx + i, f32x4.mul(rest, factor), lanes);
    }
    if (r % ROWS == ROWS - 1) flush(room, 2 * columns);
  }
  flush(room, 2 * columns);
  finish(room, dWeight, 2 * columns, 0, columns);
  finish(room, dBias, 2 * columns, columns, columns);
}
