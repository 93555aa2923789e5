import { addTile, TILE } from "./long-sums";
import { madd } from "./madd";
import { sumColumns } from "./products";

// The sums of products.ts, where both tables are first laid out in the order in which the tiles read them: 6 columns of `a` side by side (4, where fewer
// or 8 are left), and 8 (at the end 4) of `b`. It pays where each is read several times. Every number is summed up in the same order.

/** {@link addProducts} with room for `sumColumns(columns) + 6` numbers for each row of the tables. */
export function addPacked(
  a: usize,
  offsets: usize,
  rows: i32,
  b: usize,
  columns: i32,
  sums: usize,
  images: i32,
  lines: i32,
  windows: i32,
  nextImage: i32,
  nextLine: i32,
  nextWindow: i32,
  nextB: i32,
  room: usize,
  to: usize,
  toRow: i32,
  stage: i32,
): void {
  const all = sumColumns(columns);
  const depth = images * lines * windows;
  const sumsRow = (<usize>all) << 3;
  const table = room + TILE;
  const panels = table + <usize>depth * 24;
  packColumns(b, panels, columns, depth, nextB);
  for (let row = 0; row < rows;) {
    const left = rows - row;
    const isTall = left > 4 && left != 8;
    const count = min(isTall ? 6 : 4, left);
    const next = offsets + ((<usize>row) << 2);
    if (isTall) packSix(a, next, count, table, images, lines, windows, nextImage, nextLine, nextWindow);
    else packFour(a, next, count, table, images, lines, windows, nextImage, nextLine, nextWindow);
    let panel = panels;
    for (let column = 0; column < all; column += 8) {
      const wide = min(8, all - column);
      if (wide == 8) {
        if (isTall) tile6x8(table, panel, depth, room);
        else tile4x8(table, panel, depth, room);
        panel += (<usize>depth) << 5;
      } else if (isTall) tile6x4(table, panel, depth, room);
      else tile4x4(table, panel, depth, room);
      const own = sums + <usize>row * sumsRow + ((<usize>column) << 3);
      const at = to + <usize>(row * toRow) + ((<usize>min(column, columns - wide)) << 2);
      addTile(room, count, wide, own, sumsRow, at, toRow, stage);
    }
    row += count;
  }
}

/** Panels of 8 columns, the last of 4 where fewer are left: it overlaps the previous one. */
function packColumns(b: usize, panels: usize, columns: i32, depth: i32, nextB: i32): void {
  const all = sumColumns(columns);
  for (let column = 0; column < all; column += 8) {
    const wide = min(8, all - column);
    let from = b + ((<usize>min(column, columns - wide)) << 2);
    if (wide == 8) {
      for (let w = 0; w < depth; w++, from += nextB, panels += 32) {
        v128.store(panels, v128.load(from));
        v128.store(panels, v128.load(from, 16), 16);
      }
    } else {
      for (let w = 0; w < depth; w++, from += nextB, panels += 16) v128.store(panels, v128.load(from));
    }
  }
}

/** Four columns of `a` side by side; where there are fewer, the last is there again. */
function packFour(
  a: usize,
  offsets: usize,
  count: i32,
  to: usize,
  images: i32,
  lines: i32,
  windows: i32,
  nextImage: i32,
  nextLine: i32,
  nextWindow: i32,
): void {
  const last = (<usize>(count - 1)) << 2;
  let a0 = a + load<i32>(offsets);
  const o1 = a + load<i32>(offsets + min(4, last)) - a0;
  const o2 = a + load<i32>(offsets + min(8, last)) - a0;
  const o3 = a + load<i32>(offsets + min(12, last)) - a0;
  const isInARow = count == 4 && o1 == 4 && o2 == 8 && o3 == 12;
  for (let image = 0; image < images; image++, a0 += nextImage) {
    for (let line = 0; line < lines; line++, a0 += nextLine) {
      const end = to + ((<usize>windows) << 4);
      if (isInARow) {
        for (; to < end; to += 16, a0 += nextWindow) v128.store(to, v128.load(a0));
        continue;
      }
      for (; to < end; to += 16, a0 += nextWindow) {
        store<f32>(to, load<f32>(a0));
        store<f32>(to, load<f32>(a0 + o1), 4);
        store<f32>(to, load<f32>(a0 + o2), 8);
        store<f32>(to, load<f32>(a0 + o3), 12);
      }
    }
  }
}

/** {@link packFour} of six. */
function packSix(
  a: usize,
  offsets: usize,
  count: i32,
  to: usize,
  images: i32,
  lines: i32,
  windows: i32,
  nextImage: i32,
  nextLine: i32,
  nextWindow: i32,
): void {
  const last = (<usize>(count - 1)) << 2;
  let a0 = a + load<i32>(offsets);
  const o1 = a + load<i32>(offsets + min(4, last)) - a0;
  const o2 = a + load<i32>(offsets + min(8, last)) - a0;
  const o3 = a + load<i32>(offsets + min(12, last)) - a0;
  const o4 = a + load<i32>(offsets + min(16, last)) - a0;
  const o5 = a + load<i32>(offsets + min(20, last)) - a0;
  const isInARow = count == 6 && o1 == 4 && o2 == 8 && o3 == 12 && o4 == 16 && o5 == 20;
  for (let image = 0; image < images; image++, a0 += nextImage) {
    for (let line = 0; line < lines; line++, a0 += nextLine) {
      const end = to + <usize>windows * 24;
      if (isInARow) {
        for (; to < end; to += 24, a0 += nextWindow) {
          v128.store(to, v128.load(a0));
          store<i64>(to, load<i64>(a0, 16), 16);
        }
        continue;
      }
      for (; to < end; to += 24, a0 += nextWindow) {
        store<f32>(to, load<f32>(a0));
        store<f32>(to, load<f32>(a0 + o1), 4);
        store<f32>(to, load<f32>(a0 + o2), 8);
        store<f32>(to, load<f32>(a0 + o3), 12);
        store<f32>(to, load<f32>(a0 + o4), 16);
        store<f32>(to, load<f32>(a0 + o5), 20);
      }
    }
  }
}

function tile6x8(a: usize, b: usize, depth: i32, tile: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  let s40 = s00;
  let s41 = s00;
  let s50 = s00;
  let s51 = s00;
  for (const end = b + ((<usize>depth) << 5); b < end; a += 24, b += 32) {
    const d0 = v128.load(b);
    const d1 = v128.load(b, 16);
    let v = v128.load32_splat(a);
    s00 = madd(s00, v, d0);
    s01 = madd(s01, v, d1);
    v = v128.load32_splat(a, 4);
    s10 = madd(s10, v, d0);
    s11 = madd(s11, v, d1);
    v = v128.load32_splat(a, 8);
    s20 = madd(s20, v, d0);
    s21 = madd(s21, v, d1);
    v = v128.load32_splat(a, 12);
    s30 = madd(s30, v, d0);
    s31 = madd(s31, v, d1);
    v = v128.load32_splat(a, 16);
    s40 = madd(s40, v, d0);
    s41 = madd(s41, v, d1);
    v = v128.load32_splat(a, 20);
    s50 = madd(s50, v, d0);
    s51 = madd(s51, v, d1);
  }
  v128.store(tile, s00);
  v128.store(tile, s01, 16);
  v128.store(tile, s10, 32);
  v128.store(tile, s11, 48);
  v128.store(tile, s20, 64);
  v128.store(tile, s21, 80);
  v128.store(tile, s30, 96);
  v128.store(tile, s31, 112);
  v128.store(tile, s40, 128);
  v128.store(tile, s41, 144);
  v128.store(tile, s50, 160);
  v128.store(tile, s51, 176);
}

function tile4x8(a: usize, b: usize, depth: i32, tile: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (const end = b + ((<usize>depth) << 5); b < end; a += 16, b += 32) {
    const d0 = v128.load(b);
    const d1 = v128.load(b, 16);
    let v = v128.load32_splat(a);
    s00 = madd(s00, v, d0);
    s01 = madd(s01, v, d1);
    v = v128.load32_splat(a, 4);
    s10 = madd(s10, v, d0);
    s11 = madd(s11, v, d1);
    v = v128.load32_splat(a, 8);
    s20 = madd(s20, v, d0);
    s21 = madd(s21, v, d1);
    v = v128.load32_splat(a, 12);
    s30 = madd(s30, v, d0);
    s31 = madd(s31, v, d1);
  }
  v128.store(tile, s00);
  v128.store(tile, s01, 16);
  v128.store(tile, s10, 32);
  v128.store(tile, s11, 48);
  v128.store(tile, s20, 64);
  v128.store(tile, s21, 80);
  v128.store(tile, s30, 96);
  v128.store(tile, s31, 112);
}

function tile6x4(a: usize, b: usize, depth: i32, tile: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  for (const end = b + ((<usize>depth) << 4); b < end; a += 24, b += 16) {
    const d = v128.load(b);
    s0 = madd(s0, v128.load32_splat(a), d);
    s1 = madd(s1, v128.load32_splat(a, 4), d);
    s2 = madd(s2, v128.load32_splat(a, 8), d);
    s3 = madd(s3, v128.load32_splat(a, 12), d);
    s4 = madd(s4, v128.load32_splat(a, 16), d);
    s5 = madd(s5, v128.load32_splat(a, 20), d);
  }
  v128.store(tile, s0);
  v128.store(tile, s1, 16);
  v128.store(tile, s2, 32);
  v128.store(tile, s3, 48);
  v128.store(tile, s4, 64);
  v128.store(tile, s5, 80);
}

function tile4x4(a: usize, b: usize, depth: i32, tile: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (const end = b + ((<usize>depth) << 4); b < end; a += 16, b += 16) {
    const d = v128.load(b);
    s0 = madd(s0, v128.load32_splat(a), d);
    s1 = madd(s1, v128.load32_splat(a, 4), d);
    s2 = madd(s2, v128.load32_splat(a, 8), d);
    s3 = madd(s3, v128.load32_splat(a, 12), d);
  }
  v128.store(tile, s0);
  v128.store(tile, s1, 16);
  v128.store(tile, s2, 32);
  v128.store(tile, s3, 48);
}
