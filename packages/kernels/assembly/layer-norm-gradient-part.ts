import { foldToDoubles, sumOfDoubles } from "./parts/double";
import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";
import { finish, flush, ROWS } from "./parts/totals";

// The gradients of layer-norm-gradient.ts apart, which threads compute side by side: that at the input in rows, those at the weight and the bias in columns.
// Each number is summed up as there.

/** Bytes of a row that are added up in 32 bits. */
const BLOCK: usize = 128;

/** The gradient at the input. */
export function layerNormInput(
  dy: usize,
  dMeans: usize,
  dRates: usize,
  x: usize,
  weight: usize,
  means: usize,
  rates: usize,
  dx: usize,
  rows: i32,
  columns: i32,
): void {
  const row = (<usize>columns) << 2;
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
        const g = f32x4.mul(loadLanes(dy + i, lanes), loadLanes(weight + i, lanes));
        s = f32x4.add(s, g);
        a = madd(a, g, normal);
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
  }
}

/**
 * The gradients at `count` weights and biases, of a table with `columns`.
 *
 * @param room for the totals of 2 × `count` numbers
 */
export function layerNormWeight(
  dy: usize,
  x: usize,
  means: usize,
  rates: usize,
  dWeight: usize,
  dBias: usize,
  room: usize,
  rows: i32,
  columns: i32,
  count: i32,
): void {
  const next = (<usize>columns) << 2;
  const row = (<usize>count) << 2;
  const biases = room + row;
  memory.fill(room, 0, 6 * row);
  for (let r = 0; r < rows; r++, x += next, dy += next) {
    const mean = v128.load32_splat(means + ((<usize>r) << 2));
    const factor = v128.load32_splat(rates + ((<usize>r) << 2));
    for (let i: usize = 0; i < row; i += 16) {
      const lanes = <i32>((row - i) >> 2);
      const normal = f32x4.mul(f32x4.sub(loadLanes(x + i, lanes), mean), factor);
      const d = loadLanes(dy + i, lanes);
      storeLanes(room + i, madd(loadLanes(room + i, lanes), d, normal), lanes);
      storeLanes(biases + i, f32x4.add(loadLanes(biases + i, lanes), d), lanes);
    }
    if (r % ROWS == ROWS - 1) flush(room, 2 * count);
  }
  flush(room, 2 * count);
  finish(room, dWeight, 2 * count, 0, count);
  finish(room, dBias, 2 * count, count, count);
}
