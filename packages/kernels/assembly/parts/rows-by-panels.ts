import { storeLanes } from "./lanes";
import { madd } from "./madd";
import { firstChannel, wide } from "./tables";

// Rows of a table times columns that are laid out in panels (tables.ts), in tiles of 6 rows and 8 columns that stay in registers: 12 sums and what they
// are computed from are all that an x64 processor has. What 6 does not divide goes in tiles of 4. Every number is summed up in one order, whatever its tile.

/**
 * `c = a b + bias` for `rows` rows of `a`, 4 or more, which are `step` bytes apart, and a `b` of `[depth, columns]` in panels.
 *
 * @param bias 0 for none
 */
export function rowsByPanels(
  a: usize,
  step: usize,
  panels: usize,
  bias: usize,
  c: usize,
  rows: i32,
  depth: i32,
  columns: i32,
): void {
  const all = (columns + 3) & ~3;
  const nextC = (<usize>columns) << 2;
  for (let tile = 0, lanes = 0; tile < all; tile += lanes) {
    lanes = wide(tile, columns);
    const first = (<usize>firstChannel(tile, lanes, columns)) << 2;
    const from: usize = bias == 0 ? 0 : bias + first;
    const panel = panels + ((<usize>(tile * depth)) << 2);
    for (let row = 0; row < rows;) {
      const left = rows - row;
      const isTall = left >= 6 && left != 7 && left != 8;
      const own = isTall ? row : min(row, rows - 4);
      const x = a + <usize>own * step;
      const to = c + <usize>own * nextC + first;
      if (isTall) {
        if (lanes == 8) tile6x8(x, step, panel, depth, from, to, nextC);
        else tile6x4(x, step, panel, depth, from, to, nextC, columns);
      } else if (lanes == 8) tile4x8(x, step, panel, depth, from, to, nextC);
      else tile4x4(x, step, panel, depth, from, to, nextC, columns);
      row += isTall ? 6 : 4;
    }
  }
}

/** 6 rows of `a`, which are `step` bytes apart, times a panel of eight columns. */
function tile6x8(a: usize, step: usize, panel: usize, depth: i32, bias: usize, c: usize, nextC: usize): void {
  let a0 = a;
  let a1 = a0 + step;
  let a2 = a1 + step;
  let a3 = a2 + step;
  let a4 = a3 + step;
  let a5 = a4 + step;
  let s00 = bias == 0 ? f32x4.splat(0) : v128.load(bias);
  let s01 = bias == 0 ? f32x4.splat(0) : v128.load(bias, 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  let s40 = s00;
  let s41 = s01;
  let s50 = s00;
  let s51 = s01;
  for (const end = panel + ((<usize>depth) << 5); panel < end; panel += 32) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let v = v128.load32_splat(a0);
    s00 = madd(s00, v, b0);
    s01 = madd(s01, v, b1);
    v = v128.load32_splat(a1);
    s10 = madd(s10, v, b0);
    s11 = madd(s11, v, b1);
    v = v128.load32_splat(a2);
    s20 = madd(s20, v, b0);
    s21 = madd(s21, v, b1);
    v = v128.load32_splat(a3);
    s30 = madd(s30, v, b0);
    s31 = madd(s31, v, b1);
    v = v128.load32_splat(a4);
    s40 = madd(s40, v, b0);
    s41 = madd(s41, v, b1);
    v = v128.load32_splat(a5);
    s50 = madd(s50, v, b0);
    s51 = madd(s51, v, b1);
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    a4 += 4;
    a5 += 4;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  c += nextC;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  c += nextC;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  c += nextC;
  v128.store(c, s30);
  v128.store(c, s31, 16);
  c += nextC;
  v128.store(c, s40);
  v128.store(c, s41, 16);
  c += nextC;
  v128.store(c, s50);
  v128.store(c, s51, 16);
}

/** 4 rows of `a`, which are `step` bytes apart, times a panel of eight columns. */
function tile4x8(a: usize, step: usize, panel: usize, depth: i32, bias: usize, c: usize, nextC: usize): void {
  let a0 = a;
  let a1 = a0 + step;
  let a2 = a1 + step;
  let a3 = a2 + step;
  let s00 = bias == 0 ? f32x4.splat(0) : v128.load(bias);
  let s01 = bias == 0 ? f32x4.splat(0) : v128.load(bias, 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  for (const end = panel + ((<usize>depth) << 5); panel < end; panel += 32) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let v = v128.load32_splat(a0);
    s00 = madd(s00, v, b0);
    s01 = madd(s01, v, b1);
    v = v128.load32_splat(a1);
    s10 = madd(s10, v, b0);
    s11 = madd(s11, v, b1);
    v = v128.load32_splat(a2);
    s20 = madd(s20, v, b0);
    s21 = madd(s21, v, b1);
    v = v128.load32_splat(a3);
    s30 = madd(s30, v, b0);
    s31 = madd(s31, v, b1);
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  c += nextC;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  c += nextC;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  c += nextC;
  v128.store(c, s30);
  v128.store(c, s31, 16);
}

/** The same for the last four columns: those at even positions, and those at odd ones. */
function tile6x4(
  a: usize,
  step: usize,
  panel: usize,
  depth: i32,
  bias: usize,
  c: usize,
  nextC: usize,
  lanes: i32,
): void {
  let a0 = a;
  let a1 = a0 + step;
  let a2 = a1 + step;
  let a3 = a2 + step;
  let a4 = a3 + step;
  let a5 = a4 + step;
  let s00 = bias == 0 ? f32x4.splat(0) : v128.load(bias);
  let s10 = s00;
  let s20 = s00;
  let s30 = s00;
  let s40 = s00;
  let s50 = s00;
  let s01 = f32x4.splat(0);
  let s11 = s01;
  let s21 = s01;
  let s31 = s01;
  let s41 = s01;
  let s51 = s01;
  for (const end = panel + ((<usize>(depth & ~1)) << 4); panel < end; panel += 32) {
    let b = v128.load(panel);
    s00 = madd(s00, b, v128.load32_splat(a0));
    s10 = madd(s10, b, v128.load32_splat(a1));
    s20 = madd(s20, b, v128.load32_splat(a2));
    s30 = madd(s30, b, v128.load32_splat(a3));
    s40 = madd(s40, b, v128.load32_splat(a4));
    s50 = madd(s50, b, v128.load32_splat(a5));
    b = v128.load(panel, 16);
    s01 = madd(s01, b, v128.load32_splat(a0, 4));
    s11 = madd(s11, b, v128.load32_splat(a1, 4));
    s21 = madd(s21, b, v128.load32_splat(a2, 4));
    s31 = madd(s31, b, v128.load32_splat(a3, 4));
    s41 = madd(s41, b, v128.load32_splat(a4, 4));
    s51 = madd(s51, b, v128.load32_splat(a5, 4));
    a0 += 8;
    a1 += 8;
    a2 += 8;
    a3 += 8;
    a4 += 8;
    a5 += 8;
  }
  if ((depth & 1) != 0) {
    const b = v128.load(panel);
    s00 = madd(s00, b, v128.load32_splat(a0));
    s10 = madd(s10, b, v128.load32_splat(a1));
    s20 = madd(s20, b, v128.load32_splat(a2));
    s30 = madd(s30, b, v128.load32_splat(a3));
    s40 = madd(s40, b, v128.load32_splat(a4));
    s50 = madd(s50, b, v128.load32_splat(a5));
  }
  storeLanes(c, f32x4.add(s00, s01), lanes);
  c += nextC;
  storeLanes(c, f32x4.add(s10, s11), lanes);
  c += nextC;
  storeLanes(c, f32x4.add(s20, s21), lanes);
  c += nextC;
  storeLanes(c, f32x4.add(s30, s31), lanes);
  c += nextC;
  storeLanes(c, f32x4.add(s40, s41), lanes);
  c += nextC;
  storeLanes(c, f32x4.add(s50, s51), lanes);
}

/** The same for the last four columns: those at even positions, and those at odd ones. */
function tile4x4(
  a: usize,
  step: usize,
  panel: usize,
  depth: i32,
  bias: usize,
  c: usize,
  nextC: usize,
  lanes: i32,
): void {
  let a0 = a;
  let a1 = a0 + step;
  let a2 = a1 + step;
  let a3 = a2 + step;
  let s00 = bias == 0 ? f32x4.splat(0) : v128.load(bias);
  let s10 = s00;
  let s20 = s00;
  let s30 = s00;
  let s01 = f32x4.splat(0);
  let s11 = s01;
  let s21 = s01;
  let s31 = s01;
  for (const end = panel + ((<usize>(depth & ~1)) << 4); panel < end; panel += 32) {
    let b = v128.load(panel);
    s00 = madd(s00, b, v128.load32_splat(a0));
    s10 = madd(s10, b, v128.load32_splat(a1));
    s20 = madd(s20, b, v128.load32_splat(a2));
    s30 = madd(s30, b, v128.load32_splat(a3));
    b = v128.load(panel, 16);
    s01 = madd(s01, b, v128.load32_splat(a0, 4));
    s11 = madd(s11, b, v128.load32_splat(a1, 4));
    s21 = madd(s21, b, v128.load32_splat(a2, 4));
    s31 = madd(s31, b, v128.load32_splat(a3, 4));
    a0 += 8;
    a1 += 8;
    a2 += 8;
    a3 += 8;
  }
  if ((depth & 1) != 0) {
    const b = v128.load(panel);
    s00 = madd(s00, b, v128.load32_splat(a0));
    s10 = madd(s10, b, v128.load32_splat(a1));
    s20 = madd(s20, b, v128.load32_splat(a2));
    s30 = madd(s30, b, v128.load32_splat(a3));
  }
  storeLanes(c, f32x4.add(s00, s01), lanes);
  c += nextC;
  storeLanes(c, f32x4.add(s10, s11), lanes);
  c += nextC;
  storeLanes(c, f32x4.add(s20, s21), lanes);
  c += nextC;
  storeLanes(c, f32x4.add(s30, s31), lanes);
}
