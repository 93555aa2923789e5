import { add4, takeRow } from "./parts/long-sums";
import { padAndRepeat } from "./parts/pad";
import { Window } from "./parts/window";
import { madd } from "./parts/madd";

/** Numbers in a block of windows, so that it is still in the second cache when the next tile comes. */
const BLOCK = 16384;

/** Windows of a block, at most: it is added up in 32 bits. */
const WINDOWS = 128;

/**
 * The gradient of a depthwise convolution at its filter: for each position of the window, the input under it times the
 * gradient at the output, channel by channel, summed over all windows. Four positions and four channels stay in registers
 * while a block of windows goes by.
 *
 * @param sums room for the sums of all taps in 64 bits, the channels in fours
 */
export function depthwiseFilter(
  x: usize,
  dy: usize,
  dw: usize,
  padded: usize,
  sums: usize,
  window: Window,
): void {
  const inHeight = window.inHeight;
  const inWidth = window.inWidth;
  const outHeight = window.outHeight;
  const outWidth = window.outWidth;
  const channels = window.outChannels;
  const height =
    (outHeight - 1) * window.strideHeight + (window.filterHeight - 1) * window.dilationHeight + 1;
  const width = (outWidth - 1) * window.strideWidth + (window.filterWidth - 1) * window.dilationWidth + 1;
  const pixel = channels << 2;
  const taps = window.filterHeight * window.filterWidth;
  const nextWindow = window.strideWidth * pixel;
  const line = window.strideHeight * width * pixel;
  const rowStep = window.dilationHeight * width * pixel;
  const columnStep = window.dilationWidth * pixel;
  const numbers = (1 + window.strideHeight * window.strideWidth) * channels;
  const lines = max(1, min(WINDOWS, BLOCK / numbers) / outWidth);
  const row = (<usize>((channels + 3) & ~3)) << 3;
  memory.fill(sums, 0, <usize>taps * row);
  for (let n = 0; n < window.batch; n++) {
    const image = x + ((<usize>(n * inHeight * inWidth * window.inChannels)) << 2);
    const times = channels / window.inChannels;
    padAndRepeat(
      image,
      padded,
      inHeight,
      inWidth,
      window.inChannels,
      times,
      height,
      width,
      window.top,
      window.left,
    );
    for (let first = 0; first < outHeight; first += lines) {
      const count = min(lines, outHeight - first);
      const gradient = dy + <usize>((n * outHeight + first) * outWidth * pixel);
      const under = padded + <usize>(first * line);
      for (let c = 0; c < channels; c += 4) {
        const at = (<usize>c) << 2;
        for (let tap = 0; tap < taps; tap += 4) {
          tile(
            under + at,
            gradient + at,
            sums + <usize>tap * row + 2 * at,
            <i32>row,
            min(4, taps - tap),
            offset(tap, taps, window.filterWidth, rowStep, columnStep),
            offset(tap + 1, taps, window.filterWidth, rowStep, columnStep),
            offset(tap + 2, taps, window.filterWidth, rowStep, columnStep),
            offset(tap + 3, taps, window.filterWidth, rowStep, columnStep),
            count,
            outWidth,
            line - outWidth * nextWindow,
            nextWindow,
            pixel,
          );
        }
      }
    }
  }
  for (let tap = 0; tap < taps; tap++, dw += pixel, sums += row) takeRow(sums, dw, channels);
}

/** Where tap number `tap` lies, or the last one. */
function offset(tap: i32, taps: i32, filterWidth: i32, row: i32, column: i32): i32 {
  const number = min(tap, taps - 1);
  return (number / filterWidth) * row + (number % filterWidth) * column;
}

function tile(
  x: usize,
  dy: usize,
  sums: usize,
  row: i32,
  taps: i32,
  t0: i32,
  t1: i32,
  t2: i32,
  t3: i32,
  lines: i32,
  windows: i32,
  nextLine: i32,
  nextWindow: i32,
  pixel: i32,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let line = 0; line < lines; line++) {
    for (let w = 0; w < windows; w++) {
      const d = v128.load(dy);
      s0 = madd(s0, v128.load(x + t0), d);
      s1 = madd(s1, v128.load(x + t1), d);
      s2 = madd(s2, v128.load(x + t2), d);
      s3 = madd(s3, v128.load(x + t3), d);
      x += nextWindow;
      dy += pixel;
    }
    x += nextLine;
  }
  add4(sums, s0);
  if (taps > 1) add4(sums + row, s1);
  if (taps > 2) add4(sums + 2 * row, s2);
  if (taps > 3) add4(sums + 3 * row, s3);
}
