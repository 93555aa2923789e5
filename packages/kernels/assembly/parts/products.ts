import { addPacked } from "./packed-products";
import { madd } from "./madd";
import { add4, add8, takeRow } from "./long-sums";

// Sums of products of columns of two tables, `sum[i][j] = Σ_w a[w][i] · b[w][j]`: the product of a transposed matrix with another,
// and, where the rows of `a` are what a window sees from each of its positions, the gradient of a convolution at its filter. It is
// computed in tiles of 4 and 8 (4, where fewer are left) that stay in registers while all `w` go by.

// A tile adds up a block in 32 bits, and the sums of blocks are in 64.

/** How many numbers a row of sums has: the last tile covers the remaining columns by overlapping the previous tile; see takeSums. */
export function sumColumns(columns: i32): i32 {
  return (columns + 3) & ~3;
}

/**
 * Adds the products of `images` × `lines` × `windows` rows.
 *
 * @param offsets where each column of `a` is
 * @param sums `rows` × `sumColumns(columns)` numbers of 64 bits
 * @param room for `packedRoom` numbers, or 0 for none
 */
export function addProducts(
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
): void {
  const all = sumColumns(columns);
  if (room != 0 && rows >= 12 && columns >= 16) {
    addPacked(
      a,
      offsets,
      rows,
      b,
      columns,
      sums,
      images,
      lines,
      windows,
      nextImage,
      nextLine,
      nextWindow,
      nextB,
      room,
    );
    return;
  }
  for (let row = 0; row < rows; row += 4) {
    for (let column = 0; column < all; column += 8) {
      const wide = min(8, all - column);
      tile(
        wide,
        a,
        offsets + ((<usize>row) << 2),
        min(4, rows - row),
        b + ((<usize>max(0, min(column, columns - wide))) << 2),
        sums + ((<usize>(row * all + column)) << 3),
        all << 3,
        images,
        lines,
        windows,
        nextImage,
        nextLine,
        nextWindow,
        nextB,
      );
    }
  }
}

/** Rounds rows of `columns` sums to 32 bits, `step` numbers apart. */
export function takeSums(sums: usize, to: usize, rows: i32, columns: i32, step: i32): void {
  const all = sumColumns(columns);
  const wide = (all & 4) == 0 ? 8 : 4;
  const start = max(0, columns - wide);
  for (let r = 0; r < rows; r++, sums += (<usize>all) << 3, to += (<usize>step) << 2) {
    takeRow(sums, to, start);
    takeRow(sums + ((<usize>(all - wide)) << 3), to + ((<usize>start) << 2), columns - start);
  }
}

function tile(
  wide: i32,
  a: usize,
  offsets: usize,
  rows: i32,
  b: usize,
  sums: usize,
  sumsRow: i32,
  images: i32,
  lines: i32,
  windows: i32,
  nextImage: i32,
  nextLine: i32,
  nextWindow: i32,
  nextB: i32,
): void {
  const last = (<usize>(rows - 1)) << 2;
  const a0 = a + load<i32>(offsets);
  const a1 = a + load<i32>(offsets + min(4, last));
  const a2 = a + load<i32>(offsets + min(8, last));
  const a3 = a + load<i32>(offsets + min(12, last));
  const isInARow = rows == 4 && a1 - a0 == 4 && a2 - a0 == 8 && a3 - a0 == 12;
  if (wide == 8 && isInARow) {
    tile8InARow(a0, b, sums, sumsRow, images, lines, windows, nextImage, nextLine, nextWindow, nextB);
  } else if (wide == 8) {
    tile8(
      a0,
      a1,
      a2,
      a3,
      rows,
      b,
      sums,
      sumsRow,
      images,
      lines,
      windows,
      nextImage,
      nextLine,
      nextWindow,
      nextB,
    );
  } else {
    tile4(
      a0,
      a1,
      a2,
      a3,
      rows,
      b,
      sums,
      sumsRow,
      images,
      lines,
      windows,
      nextImage,
      nextLine,
      nextWindow,
      nextB,
    );
  }
}

function tile8(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  rows: i32,
  b: usize,
  sums: usize,
  sumsRow: i32,
  images: i32,
  lines: i32,
  windows: i32,
  nextImage: i32,
  nextLine: i32,
  nextWindow: i32,
  nextB: i32,
): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (; images > 0; images--) {
    for (let line = 0; line < lines; line++) {
      for (let w = 0; w < windows; w++) {
        const d0 = v128.load(b);
        const d1 = v128.load(b, 16);
        let v = v128.load32_splat(a0);
        s00 = madd(s00, v, d0);
        s01 = madd(s01, v, d1);
        v = v128.load32_splat(a1);
        s10 = madd(s10, v, d0);
        s11 = madd(s11, v, d1);
        v = v128.load32_splat(a2);
        s20 = madd(s20, v, d0);
        s21 = madd(s21, v, d1);
        v = v128.load32_splat(a3);
        s30 = madd(s30, v, d0);
        s31 = madd(s31, v, d1);
        b += nextB;
        a0 += nextWindow;
        a1 += nextWindow;
        a2 += nextWindow;
        a3 += nextWindow;
      }
      a0 += nextLine;
      a1 += nextLine;
      a2 += nextLine;
      a3 += nextLine;
    }
    a0 += nextImage;
    a1 += nextImage;
    a2 += nextImage;
    a3 += nextImage;
  }
  add8(sums, s00, s01);
  if (rows > 1) add8(sums + sumsRow, s10, s11);
  if (rows > 2) add8(sums + 2 * sumsRow, s20, s21);
  if (rows > 3) add8(sums + 3 * sumsRow, s30, s31);
}

/** {@link tile8} of columns side by side. */
function tile8InARow(
  a: usize,
  b: usize,
  sums: usize,
  sumsRow: i32,
  images: i32,
  lines: i32,
  windows: i32,
  nextImage: i32,
  nextLine: i32,
  nextWindow: i32,
  nextB: i32,
): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (; images > 0; images--) {
    for (let line = 0; line < lines; line++) {
      for (let w = 0; w < windows; w++) {
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
        b += nextB;
        a += nextWindow;
      }
      a += nextLine;
    }
    a += nextImage;
  }
  add8(sums, s00, s01);
  add8(sums + sumsRow, s10, s11);
  add8(sums + 2 * sumsRow, s20, s21);
  add8(sums + 3 * sumsRow, s30, s31);
}

function tile4(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  rows: i32,
  b: usize,
  sums: usize,
  sumsRow: i32,
  images: i32,
  lines: i32,
  windows: i32,
  nextImage: i32,
  nextLine: i32,
  nextWindow: i32,
  nextB: i32,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; images > 0; images--) {
    for (let line = 0; line < lines; line++) {
      for (let w = 0; w < windows; w++) {
        const d = v128.load(b);
        s0 = madd(s0, v128.load32_splat(a0), d);
        s1 = madd(s1, v128.load32_splat(a1), d);
        s2 = madd(s2, v128.load32_splat(a2), d);
        s3 = madd(s3, v128.load32_splat(a3), d);
        b += nextB;
        a0 += nextWindow;
        a1 += nextWindow;
        a2 += nextWindow;
        a3 += nextWindow;
      }
      a0 += nextLine;
      a1 += nextLine;
      a2 += nextLine;
      a3 += nextLine;
    }
    a0 += nextImage;
    a1 += nextImage;
    a2 += nextImage;
    a3 += nextImage;
  }
  add4(sums, s0);
  if (rows > 1) add4(sums + sumsRow, s1);
  if (rows > 2) add4(sums + 2 * sumsRow, s2);
  if (rows > 3) add4(sums + 3 * sumsRow, s3);
}
