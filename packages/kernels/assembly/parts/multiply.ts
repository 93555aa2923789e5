import { storeLanes } from "./lanes";
import { madd } from "./madd";
import { rowsByPanels } from "./rows-by-panels";
import { fillPanels } from "./tables";

/** Numbers of a block of rows, so that it stays in the second cache while all columns go by. */
const BLOCK = 65536;

/** Lays out `b` for products with `rows` rows: see {@link multiply}. */
export function layOut(
  b: usize,
  panels: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  isTransposed: bool,
): void {
  if (isSmall(rows, depth, isTransposed)) return;
  fillPanels(panels, b, 1, depth, columns, 0, isTransposed ? 1 : columns, isTransposed ? depth : 1);
}

/** {@link matMul} with a `b` that is laid out: as often as there are an `a`, whose rows are `step` bytes apart, and a `c` for it. */
export function multiply(
  a: usize,
  b: usize,
  bias: usize,
  c: usize,
  panels: usize,
  rows: i32,
  step: i32,
  depth: i32,
  columns: i32,
  isTransposed: bool,
): void {
  multiplyPart(a, b, bias, c, panels, rows, rows, step, depth, columns, isTransposed);
}

/** {@link multiply} for `rows` of the `whole` rows of a product, 4 or more where there are others: they are summed up as all of them are. */
export function multiplyPart(
  a: usize,
  b: usize,
  bias: usize,
  c: usize,
  panels: usize,
  rows: i32,
  whole: i32,
  step: i32,
  depth: i32,
  columns: i32,
  isTransposed: bool,
): void {
  if (isSmall(whole, depth, isTransposed)) {
    for (let r = 0; r < rows; r++, a += step, c += (<usize>columns) << 2) {
      if (isTransposed) rowOfDots(a, b, bias, c, depth, columns);
      else rowOfSums(a, b, bias, c, depth, columns);
    }
    return;
  }
  const most = max(2, BLOCK / (12 * max(1, depth))) * 12;
  for (let row = 0; row < rows;) {
    const left = rows - row;
    const count = left < most + 12 ? left : most;
    const from = a + <usize>row * step;
    rowsByPanels(from, step, panels, bias, c + ((<usize>(row * columns)) << 2), count, depth, columns);
    row += count;
  }
}

function isSmall(rows: i32, depth: i32, isTransposed: bool): bool {
  return rows <= FEW || (depth < 4 && !isTransposed);
}

/** Rows for which it does not pay to lay out `b` in panels first; nor does it for a depth of less than 4. */
const FEW = 6;

/**
 * One row of `a` times `b`. Every number is summed up in the order in which `slide` does it, so that a row gives the same in any
 * company: the last four columns, where a tile of four computes them, as two sums.
 */
function rowOfSums(a: usize, b: usize, bias: usize, c: usize, depth: i32, columns: i32): void {
  const step = (<usize>columns) << 2;
  const end = a + ((<usize>depth) << 2);
  let column = 0;
  for (; column <= columns - 32; column += 32) {
    const at = (<usize>column) << 2;
    let s0 = first(bias, at);
    let s1 = first(bias, at + 16);
    let s2 = first(bias, at + 32);
    let s3 = first(bias, at + 48);
    let s4 = first(bias, at + 64);
    let s5 = first(bias, at + 80);
    let s6 = first(bias, at + 96);
    let s7 = first(bias, at + 112);
    for (let k = a, from = b + at; k < end; k += 4, from += step) {
      const v = v128.load32_splat(k);
      s0 = madd(s0, v, v128.load(from));
      s1 = madd(s1, v, v128.load(from, 16));
      s2 = madd(s2, v, v128.load(from, 32));
      s3 = madd(s3, v, v128.load(from, 48));
      s4 = madd(s4, v, v128.load(from, 64));
      s5 = madd(s5, v, v128.load(from, 80));
      s6 = madd(s6, v, v128.load(from, 96));
      s7 = madd(s7, v, v128.load(from, 112));
    }
    v128.store(c + at, s0);
    v128.store(c + at, s1, 16);
    v128.store(c + at, s2, 32);
    v128.store(c + at, s3, 48);
    v128.store(c + at, s4, 64);
    v128.store(c + at, s5, 80);
    v128.store(c + at, s6, 96);
    v128.store(c + at, s7, 112);
  }
  for (; column <= columns - 16; column += 16) {
    const at = (<usize>column) << 2;
    let s0 = first(bias, at);
    let s1 = first(bias, at + 16);
    let s2 = first(bias, at + 32);
    let s3 = first(bias, at + 48);
    for (let k = a, from = b + at; k < end; k += 4, from += step) {
      const v = v128.load32_splat(k);
      s0 = madd(s0, v, v128.load(from));
      s1 = madd(s1, v, v128.load(from, 16));
      s2 = madd(s2, v, v128.load(from, 32));
      s3 = madd(s3, v, v128.load(from, 48));
    }
    v128.store(c + at, s0);
    v128.store(c + at, s1, 16);
    v128.store(c + at, s2, 32);
    v128.store(c + at, s3, 48);
  }
  if (columns >= 8) {
    for (; column < columns; column += 4) {
      const at = (<usize>column) << 2;
      storeLanes(c + at, fourSums(a, end, b + at, step, first(bias, at)), columns - column);
    }
    const rest = columns & 7;
    if (rest == 0 || rest > 4) return;
    column = columns - 4;
  }
  for (; column < columns; column += 4) {
    const at = (<usize>column) << 2;
    storeLanes(c + at, fourSumsByTwo(a, end, b + at, step, first(bias, at)), columns - column);
  }
}

function first(bias: usize, at: usize): v128 {
  return bias == 0 ? f32x4.splat(0) : v128.load(bias + at);
}

function fourSums(a: usize, end: usize, b: usize, step: usize, sum: v128): v128 {
  for (; a < end; a += 4, b += step) sum = madd(sum, v128.load32_splat(a), v128.load(b));
  return sum;
}

/** Those at even positions, and those at odd ones. */
function fourSumsByTwo(a: usize, end: usize, b: usize, step: usize, even: v128): v128 {
  let odd = f32x4.splat(0);
  for (; a < end - 4; a += 8, b += 2 * step) {
    even = madd(even, v128.load32_splat(a), v128.load(b));
    odd = madd(odd, v128.load32_splat(a, 4), v128.load(b + step));
  }
  if (a < end) even = madd(even, v128.load32_splat(a), v128.load(b));
  return f32x4.add(even, odd);
}

/** One row of `a` times the rows of a transposed `b`. */
function rowOfDots(a: usize, b: usize, bias: usize, c: usize, depth: i32, columns: i32): void {
  const whole = a + ((<usize>(depth & ~7)) << 2);
  const end = a + ((<usize>depth) << 2);
  for (let column = 0; column < columns; column++, c += 4) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let k = a;
    for (; k < whole; k += 32, b += 32) {
      s0 = madd(s0, v128.load(k), v128.load(b));
      s1 = madd(s1, v128.load(k, 16), v128.load(b, 16));
    }
    s0 = f32x4.add(s0, s1);
    let sum: f32 = f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 1);
    sum += f32x4.extract_lane(s0, 2) + f32x4.extract_lane(s0, 3);
    for (; k < end; k += 4, b += 4) sum += load<f32>(k) * load<f32>(b);
    store<f32>(c, bias == 0 ? sum : sum + load<f32>(bias + ((<usize>column) << 2)));
  }
}
