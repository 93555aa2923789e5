import { loadLanes, storeLanes } from "./parts/lanes";
import { madd } from "./parts/madd";
import { finish, flush, ROWS } from "./parts/totals";

/** The means and the biased variances of columns, each in 64 bits. */
function statistics(
  x: usize,
  means: usize,
  variances: usize,
  room: usize,
  rows: i32,
  columns: i32,
  next: usize,
): void {
  const row = (<usize>columns) << 2;
  memory.fill(room, 0, 3 * row);
  for (let r = 0, from = x; r < rows; r++, from += next) {
    for (let i: usize = 0; i < row; i += 16) {
      const lanes = <i32>((row - i) >> 2);
      storeLanes(room + i, f32x4.add(loadLanes(room + i, lanes), loadLanes(from + i, lanes)), lanes);
    }
    if (r % ROWS == ROWS - 1) flush(room, columns);
  }
  flush(room, columns);
  finish(room, means, columns, 0, columns, 1 / <f64>rows);
  memory.fill(room, 0, 3 * row);
  for (let r = 0, from = x; r < rows; r++, from += next) {
    for (let i: usize = 0; i < row; i += 16) {
      const lanes = <i32>((row - i) >> 2);
      const apart = f32x4.sub(loadLanes(from + i, lanes), loadLanes(means + i, lanes));
      storeLanes(room + i, madd(loadLanes(room + i, lanes), apart, apart), lanes);
    }
    if (r % ROWS == ROWS - 1) flush(room, columns);
  }
  flush(room, columns);
  finish(room, variances, columns, 0, columns, 1 / <f64>rows);
}

/**
 * `(x − mean) / √(variance + eps) · weight + bias` with the mean and the biased variance of each column, which are stored too: of `columns` of the `width`
 * columns of a table.
 *
 * @param room for the totals of `columns` numbers, 3 × as many
 */
export function batchNorm(
  x: usize,
  weight: usize,
  bias: usize,
  y: usize,
  means: usize,
  variances: usize,
  room: usize,
  rows: i32,
  columns: i32,
  width: i32,
  eps: f32,
): void {
  const row = (<usize>columns) << 2;
  const next = (<usize>width) << 2;
  statistics(x, means, variances, room, rows, columns, next);
  for (let i: usize = 0; i < row; i += 4) {
    store<f32>(room + i, load<f32>(weight + i) / sqrt<f32>(load<f32>(variances + i) + eps));
  }
  for (let r = 0; r < rows; r++, x += next, y += next) {
    for (let i: usize = 0; i < row; i += 16) {
      const lanes = <i32>((row - i) >> 2);
      const apart = f32x4.sub(loadLanes(x + i, lanes), loadLanes(means + i, lanes));
      storeLanes(y + i, madd(loadLanes(bias + i, lanes), apart, loadLanes(room + i, lanes)), lanes);
    }
  }
}

/**
 * The gradients of a batch norm: at its input, its weight and its bias. Those at the means and the variances, which it returns too, count as well.
 *
 * @param room for the totals of 2 × `columns` numbers, 6 × `columns`
 */
export function batchNormGradient(
  dy: usize,
  dMeans: usize,
  dVariances: usize,
  x: usize,
  weight: usize,
  means: usize,
  variances: usize,
  dx: usize,
  dWeight: usize,
  dBias: usize,
  room: usize,
  rows: i32,
  columns: i32,
  width: i32,
  eps: f32,
): void {
  const row = (<usize>columns) << 2;
  const next = (<usize>width) << 2;
  const biases = room + row;
  memory.fill(room, 0, 6 * row);
  for (let r = 0, at: usize = 0; r < rows; r++, at += next) {
    for (let i: usize = 0; i < row; i += 16) {
      const lanes = <i32>((row - i) >> 2);
      const d = loadLanes(dy + at + i, lanes);
      const apart = f32x4.sub(loadLanes(x + at + i, lanes), loadLanes(means + i, lanes));
      storeLanes(room + i, madd(loadLanes(room + i, lanes), d, apart), lanes);
      storeLanes(biases + i, f32x4.add(loadLanes(biases + i, lanes), d), lanes);
    }
    if (r % ROWS == ROWS - 1) flush(room, 2 * columns);
  }
  flush(room, 2 * columns);
  finish(room, dWeight, 2 * columns, 0, columns);
  finish(room, dBias, 2 * columns, columns, columns);
  const shares = room + row;
  const constants = shares + row;
  for (let i: usize = 0; i < row; i += 4) {
    const deviation = sqrt<f32>(load<f32>(variances + i) + eps);
    const rate = load<f32>(weight + i) / deviation;
    const ofWeight = load<f32>(dWeight + i) / deviation;
    store<f32>(dWeight + i, ofWeight);
    store<f32>(room + i, rate);
    const atVariance = load<f32>(dVariances + i) * 2 - (rate * ofWeight) / deviation;
    store<f32>(shares + i, atVariance / <f32>rows);
    store<f32>(constants + i, (load<f32>(dMeans + i) - rate * load<f32>(dBias + i)) / <f32>rows);
  }
  for (let r = 0; r < rows; r++, x += next, dy += next, dx += next) {
    for (let i: usize = 0; i < row; i += 16) {
      const lanes = <i32>((row - i) >> 2);
      const apart = f32x4.sub(loadLanes(x + i, lanes), loadLanes(means + i, lanes));
      const along = madd(loadLanes(constants + i, lanes), apart, loadLanes(shares + i, lanes));
      storeLanes(dx + i, madd(along, loadLanes(dy + i, lanes), loadLanes(room + i, lanes)), lanes);
    }
  }
}
