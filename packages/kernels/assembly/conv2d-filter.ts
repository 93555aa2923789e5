import { pad } from "./pad";
import { Window } from "./window";

// The gradient of a convolution at its filter is one matrix product: for each place of the window, the input under it times
// the gradient at the output, summed over all windows. Its rows are the filter's [height, width, channel], its columns the
// output's channels. It is computed in tiles of 4 rows and 8 columns that stay in registers while a block of windows goes by.

/** Numbers in a block of windows, so that it is still in the second cache when the next tile comes. */
const BLOCK = 32768;

/** @param together how many images `padded` has room for: several, where each has but a few windows */
export function conv2dFilter(
  x: usize,
  dy: usize,
  dw: usize,
  padded: usize,
  together: i32,
  tiles: usize,
  offsets: usize,
  window: Window,
): void {
  const inHeight = window.inHeight;
  const inWidth = window.inWidth;
  const inChannels = window.inChannels;
  const outHeight = window.outHeight;
  const outWidth = window.outWidth;
  const outChannels = window.outChannels;
  let height = (outHeight - 1) * window.strideHeight + (window.filterHeight - 1) * window.dilationHeight + 1;
  let width = (outWidth - 1) * window.strideWidth + (window.filterWidth - 1) * window.dilationWidth + 1;
  const isPadded = window.top != 0 || window.left != 0 || height > inHeight || width > inWidth;
  if (!isPadded) {
    height = inHeight;
    width = inWidth;
  }
  const rows = window.filterHeight * window.filterWidth * inChannels;
  const columns = (outChannels + 3) & ~3; // the last tile covers what is left by overlapping the one before
  const sums = columns == outChannels ? dw : tiles;
  memory.fill(sums, 0, (<usize>(rows * columns)) << 2);
  fillOffsets(offsets, window, width);

  const image = height * width * inChannels;
  const line = window.strideHeight * width * inChannels;
  const step = window.strideWidth * inChannels;
  const block = max(1, BLOCK / (outWidth * (outChannels + window.strideHeight * step)));
  const lines = together > 1 ? outHeight : min(outHeight, block);
  for (let n = 0; n < window.batch; n += together) {
    const images = min(together, window.batch - n);
    let at = x + ((<usize>(n * inHeight * inWidth * inChannels)) << 2);
    if (isPadded) {
      for (let i = 0; i < images; i++) {
        const from = at + ((<usize>(i * inHeight * inWidth * inChannels)) << 2);
        const to = padded + ((<usize>(i * image)) << 2);
        pad(from, to, inHeight, inWidth, inChannels, height, width, window.top, window.left);
      }
      at = padded;
    }
    for (let first = 0; first < outHeight; first += lines) {
      const count = min(lines, outHeight - first);
      const slope = dy + ((<usize>((n * outHeight + first) * outWidth * outChannels)) << 2);
      const under = at + ((<usize>(first * line)) << 2);
      for (let row = 0; row < rows; row += 4) {
        for (let column = 0; column < columns; column += 8) {
          const wide = min(8, columns - column);
          tile(
            wide,
            under,
            offsets + ((<usize>row) << 2),
            min(4, rows - row),
            slope + ((<usize>max(0, min(column, outChannels - wide))) << 2),
            sums + ((<usize>(row * columns + column)) << 2),
            columns << 2,
            images,
            count,
            outWidth,
            (image - count * line) << 2,
            (line - outWidth * step) << 2,
            step << 2,
            outChannels << 2,
          );
        }
      }
    }
  }
  if (sums != dw) takeTiles(tiles, dw, rows, columns, outChannels);
}

/** Where each number of the filter meets the input. */
function fillOffsets(offsets: usize, window: Window, width: i32): void {
  const channels = window.inChannels;
  for (let r = 0; r < window.filterHeight; r++) {
    for (let q = 0; q < window.filterWidth; q++) {
      const pixel = r * window.dilationHeight * width + q * window.dilationWidth;
      for (let c = 0; c < channels; c++, offsets += 4) store<i32>(offsets, (pixel * channels + c) << 2);
    }
  }
}

function takeTiles(tiles: usize, dw: usize, rows: i32, columns: i32, outChannels: i32): void {
  const wide = (columns & 4) == 0 ? 8 : 4;
  const start = max(0, outChannels - wide);
  const last = (<usize>(columns - wide)) << 2;
  for (let r = 0; r < rows; r++, tiles += (<usize>columns) << 2, dw += (<usize>outChannels) << 2) {
    memory.copy(dw, tiles, (<usize>start) << 2);
    memory.copy(dw + ((<usize>start) << 2), tiles + last, (<usize>(outChannels - start)) << 2);
  }
}

function tile(
  wide: i32,
  x: usize,
  offsets: usize,
  rows: i32,
  dy: usize,
  sums: usize,
  sumsRow: i32,
  images: i32,
  lines: i32,
  windows: i32,
  nextImage: i32,
  nextLine: i32,
  nextWindow: i32,
  pixel: i32,
): void {
  const last = (<usize>(rows - 1)) << 2;
  const x0 = x + load<i32>(offsets);
  const x1 = x + load<i32>(offsets + min(4, last));
  const x2 = x + load<i32>(offsets + min(8, last));
  const x3 = x + load<i32>(offsets + min(12, last));
  if (wide == 8) {
    tile8(
      x0,
      x1,
      x2,
      x3,
      rows,
      dy,
      sums,
      sumsRow,
      images,
      lines,
      windows,
      nextImage,
      nextLine,
      nextWindow,
      pixel,
    );
  } else {
    tile4(
      x0,
      x1,
      x2,
      x3,
      rows,
      dy,
      sums,
      sumsRow,
      images,
      lines,
      windows,
      nextImage,
      nextLine,
      nextWindow,
      pixel,
    );
  }
}

function tile8(
  x0: usize,
  x1: usize,
  x2: usize,
  x3: usize,
  rows: i32,
  dy: usize,
  sums: usize,
  sumsRow: i32,
  images: i32,
  lines: i32,
  windows: i32,
  nextImage: i32,
  nextLine: i32,
  nextWindow: i32,
  pixel: i32,
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
        const d0 = v128.load(dy);
        const d1 = v128.load(dy, 16);
        let v = v128.load32_splat(x0);
        s00 = f32x4.add(s00, f32x4.mul(v, d0));
        s01 = f32x4.add(s01, f32x4.mul(v, d1));
        v = v128.load32_splat(x1);
        s10 = f32x4.add(s10, f32x4.mul(v, d0));
        s11 = f32x4.add(s11, f32x4.mul(v, d1));
        v = v128.load32_splat(x2);
        s20 = f32x4.add(s20, f32x4.mul(v, d0));
        s21 = f32x4.add(s21, f32x4.mul(v, d1));
        v = v128.load32_splat(x3);
        s30 = f32x4.add(s30, f32x4.mul(v, d0));
        s31 = f32x4.add(s31, f32x4.mul(v, d1));
        dy += pixel;
        x0 += nextWindow;
        x1 += nextWindow;
        x2 += nextWindow;
        x3 += nextWindow;
      }
      x0 += nextLine;
      x1 += nextLine;
      x2 += nextLine;
      x3 += nextLine;
    }
    x0 += nextImage;
    x1 += nextImage;
    x2 += nextImage;
    x3 += nextImage;
  }
  add8(sums, s00, s01);
  if (rows > 1) add8(sums + sumsRow, s10, s11);
  if (rows > 2) add8(sums + 2 * sumsRow, s20, s21);
  if (rows > 3) add8(sums + 3 * sumsRow, s30, s31);
}

function add8(to: usize, first: v128, second: v128): void {
  v128.store(to, f32x4.add(v128.load(to), first));
  v128.store(to, f32x4.add(v128.load(to, 16), second), 16);
}

function tile4(
  x0: usize,
  x1: usize,
  x2: usize,
  x3: usize,
  rows: i32,
  dy: usize,
  sums: usize,
  sumsRow: i32,
  images: i32,
  lines: i32,
  windows: i32,
  nextImage: i32,
  nextLine: i32,
  nextWindow: i32,
  pixel: i32,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; images > 0; images--) {
    for (let line = 0; line < lines; line++) {
      for (let w = 0; w < windows; w++) {
        const d = v128.load(dy);
        s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(x0), d));
        s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(x1), d));
        s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(x2), d));
        s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(x3), d));
        dy += pixel;
        x0 += nextWindow;
        x1 += nextWindow;
        x2 += nextWindow;
        x3 += nextWindow;
      }
      x0 += nextLine;
      x1 += nextLine;
      x2 += nextLine;
      x3 += nextLine;
    }
    x0 += nextImage;
    x1 += nextImage;
    x2 += nextImage;
    x3 += nextImage;
  }
  add4(sums, s0);
  if (rows > 1) add4(sums + sumsRow, s1);
  if (rows > 2) add4(sums + 2 * sumsRow, s2);
  if (rows > 3) add4(sums + 3 * sumsRow, s3);
}

function add4(to: usize, numbers: v128): void {
  v128.store(to, f32x4.add(v128.load(to), numbers));
}
