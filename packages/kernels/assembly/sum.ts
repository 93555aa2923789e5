import { loadDoubles, sumOfRow } from "./parts/double";

// Sums in 64 bits, which are rounded once: a long sum in 32 bits loses its digits.

/** `factor · Σ x` of each row. */
export function rowSum(x: usize, sums: usize, rows: i32, columns: i32, factor: f64): void {
  const row = (<usize>columns) << 2;
  if (columns <= 16) {
    for (let r = 0; r < rows; r++, x += row, sums += 4)
      store<f32>(sums, <f32>(factor * shortSum(x, columns)));
    return;
  }
  for (let r = 0; r < rows; r++, x += row, sums += 4) store<f32>(sums, <f32>(factor * sumOfRow(x, columns)));
}

/** A few numbers, which 32 bits sum well enough. */
function shortSum(x: usize, count: i32): f64 {
  let sum: f32 = 0;
  for (; count >= 4; count -= 4, x += 16) {
    sum += load<f32>(x) + load<f32>(x, 4) + (load<f32>(x, 8) + load<f32>(x, 12));
  }
  for (; count > 0; count--, x += 4) sum += load<f32>(x);
  return <f64>sum;
}

/** Rows that are summed in registers before they are added to the rest, so that they are read while they are in the cache. */
const BLOCK = 32;

/**
 * `factor · Σ x` of tables over their rows: `[tables, rows, columns]` -> `[tables, columns]`.
 *
 * @param room 8 bytes for each of `fold · columns`
 * @param fold how many consecutive rows are read as one wide row, so that few columns fill the registers
 */
export function columnSum(
  x: usize,
  sums: usize,
  room: usize,
  tables: i32,
  rows: i32,
  columns: i32,
  fold: i32,
  factor: f64,
): void {
  const row = (<usize>columns) << 2;
  const wide = row * fold;
  for (let t = 0; t < tables; t++) {
    memory.fill(room, 0, 2 * wide);
    let left = rows / fold;
    for (; left > 0; left -= BLOCK) {
      const count = min(BLOCK, left);
      addRows(x, room, count, columns * fold);
      x += <usize>count * wide;
    }
    addRows(x, room, rows % fold, columns);
    x += <usize>(rows % fold) * row;
    for (let c = 0; c < columns; c++, sums += 4) {
      let sum: f64 = 0;
      for (let k = 0; k < fold; k++) sum += load<f64>(room + ((<usize>(k * columns + c)) << 3));
      store<f32>(sums, <f32>(factor * sum));
    }
  }
}

/** Adds rows to sums of columns: eight columns at a time, then one. */
function addRows(x: usize, sums: usize, rows: i32, columns: i32): void {
  const row = (<usize>columns) << 2;
  let left = columns;
  for (; left >= 8; left -= 8, x += 32, sums += 64) addEight(x, sums, rows, row);
  for (; left > 0; left--, x += 4, sums += 8) {
    let sum = load<f64>(sums);
    for (let r = 0, at = x; r < rows; r++, at += row) sum += <f64>load<f32>(at);
    store<f64>(sums, sum);
  }
}

/** Eight rows at a time in 32 bits, and those in 64. */
function addEight(x: usize, sums: usize, rows: i32, row: usize): void {
  let s0 = v128.load(sums);
  let s1 = v128.load(sums, 16);
  let s2 = v128.load(sums, 32);
  let s3 = v128.load(sums, 48);
  for (; rows >= 8; rows -= 8, x += 8 * row) {
    const a = eightRows(x, row);
    const b = eightRows(x + 16, row);
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a));
    s1 = f64x2.add(s1, f64x2.promote_low_f32x4(upper(a)));
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(b));
    s3 = f64x2.add(s3, f64x2.promote_low_f32x4(upper(b)));
  }
  for (; rows > 0; rows--, x += row) {
    s0 = f64x2.add(s0, loadDoubles(x));
    s1 = f64x2.add(s1, loadDoubles(x + 8));
    s2 = f64x2.add(s2, loadDoubles(x + 16));
    s3 = f64x2.add(s3, loadDoubles(x + 24));
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
}

function eightRows(x: usize, row: usize): v128 {
  return f32x4.add(fourRows(x, row), fourRows(x + 4 * row, row));
}

function fourRows(x: usize, row: usize): v128 {
  const ab = f32x4.add(v128.load(x), v128.load(x + row));
  return f32x4.add(ab, f32x4.add(v128.load(x + 2 * row), v128.load(x + 3 * row)));
}

function upper(numbers: v128): v128 {
  return v128.shuffle<f32>(numbers, numbers, 2, 3, 0, 1);
}
