import { addPacked } from "./packed-products";
import { madd } from "./madd";
import { addTile, stageOf, takeRow } from "./long-sums";

// Sums of products of columns of two tables, `sum[i][j] = Σ_w a[w][i] · b[w][j]`: the product of a transposed matrix with another,
// and, where the rows of `a` are what a window sees from each of its positions, the gradient of a convolution at its filter. It is
// computed in tiles of 4 and 8 (4, where fewer are left) that stay in registers while all `w` go by.

// A tile adds up a block in 32 bits, and the sums of blocks are in 64.

/** How many numbers a row of sums has: the last tile covers the remaining columns by overlapping the previous tile; see takeSums. */
export function sumColumns(columns: i32): i32 {
  return (columns + 3) & ~3;
}

/** Whether a tile is wider than a row, so that `takeSums` has to take rows from the sums. */
export function isNarrow(columns: i32): bool {
  return columns < 8 && columns != 4;
}

/**
 * Adds the products of `images` × `lines` × `windows` rows.
 *
 * @param offsets where each column of `a` is
 * @param sums `rows` × `sumColumns(columns)` numbers of 64 bits
 * @param room of `packedRoom`
 * @param to where rows of sums go, `toRow` bytes apart, with the last block
 * @param stage which block it is: see long-sums.ts; of narrow rows, the first or a next one only
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
  to: usize,
  toRow: i32,
  stage: i32,
): void {
  const all = sumColumns(columns);
  if (rows >= 12 && columns >= 16) {
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
      to,
      toRow,
      stage,
    );
    return;
  }
  for (let row = 0; row < rows; row += 4) {
    const count = min(4, rows - row);
    for (let column = 0; column < all; column += 8) {
      const wide = min(8, all - column);
      const start = (<usize>max(0, min(column, columns - wide))) << 2;
      tile(
        wide,
        a,
        offsets + ((<usize>row) << 2),
        count,
        b + start,
        room,
        images,
        lines,
        windows,
        nextImage,
        nextLine,
        nextWindow,
        nextB,
      );
      const own = sums + ((<usize>(row * all + column)) << 3);
      addTile(room, count, wide, own, all << 3, to + <usize>(row * toRow) + start, toRow, stage);
    }
  }
}

/** `count` rows of `c = aᵀ b`, those at `offsets` of all `rows`, in blocks of `block` rows of both tables. */
export function addBlocks(
  a: usize,
  b: usize,
  c: usize,
  sums: usize,
  offsets: usize,
  packed: usize,
  block: i32,
  count: i32,
  depth: i32,
  columns: i32,
  rows: i32,
): void {
  const isApart = isNarrow(columns);
  for (let k = 0; k < depth; k += block) {
    addProducts(
      a + ((<usize>(k * rows)) << 2),
      offsets,
      count,
      b + ((<usize>(k * columns)) << 2),
      columns,
      sums,
      1,
      1,
      min(block, depth - k),
      0,
      0,
      rows << 2,
      columns << 2,
      packed,
      c,
      columns << 2,
      stageOf(k == 0, !isApart && k + block >= depth),
    );
  }
  if (isApart) takeSums(sums, c, count, columns, columns);
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
  to: usize,
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
    tile8InARow(a0, b, to, images, lines, windows, nextImage, nextLine, nextWindow, nextB);
  } else if (wide == 8) {
    tile8(a0, a1, a2, a3, b, to, images, lines, windows, nextImage, nextLine, nextWindow, nextB);
  } else {
    tile4(a0, a1, a2, a3, b, to, images, lines, windows, nextImage, nextLine, nextWindow, nextB);
  }
}

function tile8(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  b: usize,
  to: usize,
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
  v128.store(to, s00);
  v128.store(to, s01, 16);
  v128.store(to, s10, 32);
  v128.store(to, s11, 48);
  v128.store(to, s20, 64);
  v128.store(to, s21, 80);
  v128.store(to, s30, 96);
  v128.store(to, s31, 112);
}

/** {@link tile8} of columns side by side. */
function tile8InARow(
  a: usize,
  b: usize,
  to: usize,
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
  v128.store(to, s00);
  v128.store(to, s01, 16);
  v128.store(to, s10, 32);
  v128.store(to, s11, 48);
  v128.store(to, s20, 64);
  v128.store(to, s21, 80);
  v128.store(to, s30, 96);
  v128.store(to, s31, 112);
}

function tile4(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  b: usize,
  to: usize,
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
  v128.store(to, s0);
  v128.store(to, s1, 16);
  v128.store(to, s2, 32);
  v128.store(to, s3, 48);
}
