// The tables that say where a sliding window (slide.ts) finds things. All positions are in bytes.
//
// - the panels: the weights, one panel per tile of channels, `[tap][k][8 or 4]`, so that a tile reads them in a row;
// - the taps: where a tap lies in the image, its number, and the row of the image under it when the window is at the top;
// - the positions, in groups of 6: where each pixel lies in the image and in the output; then which taps to visit, the first
//   and the end, for those above and below the image have nothing to add; then which numbers of a tap, the first and the end, for where a tap is a row
//   of pixels, those left and right of the image have nothing to add. The last group repeats its last position.

/** Bytes of a tap in its table. */
export const TAP: usize = 12;

/** Bytes of a group of positions in its table. */
export const GROUP: usize = 64;

/** How many channels the tile computes that begins at `tile`. */
export function wide(tile: i32, channels: i32): i32 {
  return channels >= 8 && channels - tile > 4 ? 8 : 4;
}

/** First channel of that tile: the last tile covers the remaining channels by overlapping the previous tile. */
export function firstChannel(tile: i32, wide: i32, channels: i32): i32 {
  return max(0, min(tile, channels - wide));
}

/** Numbers in the panels for `channels`. */
export function panelSize(taps: i32, depth: i32, channels: i32): i32 {
  return taps * depth * ((channels + 3) & ~3);
}

/**
 * Fills panels from weights of which `[tap][k][channel]` is number `tap * tapStep + k * depthStep + channel * channelStep`.
 */
export function fillPanels(
  panels: usize,
  weights: usize,
  taps: i32,
  depth: i32,
  channels: i32,
  tapStep: i32,
  depthStep: i32,
  channelStep: i32,
): void {
  const all = (channels + 3) & ~3;
  for (let tile = 0, lanes = 0; tile < all; tile += lanes) {
    lanes = wide(tile, channels);
    const start = firstChannel(tile, lanes, channels);
    for (let tap = 0; tap < taps; tap++) {
      let from = weights + ((<usize>(tap * tapStep + start * channelStep)) << 2);
      if (channelStep == 1 && channels >= 4) {
        for (let k = 0; k < depth; k++, from += (<usize>depthStep) << 2, panels += (<usize>lanes) << 2) {
          v128.store(panels, v128.load(from));
          if (lanes == 8) v128.store(panels, v128.load(from, 16), 16);
        }
        continue;
      }
      let k = 0;
      if (depthStep == 1 && channels >= 4) {
        for (; k <= depth - 4; k += 4, from += 16, panels += (<usize>lanes) << 4) {
          turn(from, (<usize>channelStep) << 2, panels, (<usize>lanes) << 2);
          if (lanes == 8)
            turn(from + ((<usize>channelStep) << 4), (<usize>channelStep) << 2, panels + 16, 32);
        }
      }
      for (; k < depth; k++, from += (<usize>depthStep) << 2) {
        for (let lane = 0; lane < lanes; lane++, panels += 4) {
          const isInside = start + lane < channels;
          store<f32>(panels, isInside ? load<f32>(from + ((<usize>(lane * channelStep)) << 2)) : 0);
        }
      }
    }
  }
}

/** Four rows of four numbers become four columns. */
export function turn(from: usize, row: usize, to: usize, column: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + row);
  const r2 = v128.load(from + 2 * row);
  const r3 = v128.load(from + 3 * row);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
  v128.store(to + column, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
  v128.store(to + 2 * column, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
  v128.store(to + 3 * column, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
}

/** Adds a tap to its table, after `count` others. */
export function putTap(taps: usize, count: i32, at: i32, number: i32, row: i32): void {
  const tap = taps + <usize>count * TAP;
  store<i32>(tap, at);
  store<i32>(tap, number, 4);
  store<i32>(tap, row, 8);
}

/**
 * Fills the table of positions for `height` × `width` pixels; one row of pixels down is `rowStep` rows down the image. Of several images, those at the
 * same pixel come together, for they see the same taps. Returns its end.
 *
 * @param depth numbers of a tap
 * @param inPixel where a tap is a row of pixels, the numbers of one, else 0; its first pixel is in column `left` of an image of `imageWidth`, and `columnStep` further for each next position
 */
export function fillPositions(
  positions: usize,
  taps: usize,
  count: i32,
  height: i32,
  width: i32,
  rowStep: i32,
  imageHeight: i32,
  imageStart: i32,
  imageRow: i32,
  imageColumn: i32,
  outStart: i32,
  outRow: i32,
  outColumn: i32,
  images: i32 = 1,
  nextImage: i32 = 0,
  nextOut: i32 = 0,
  depth: i32 = 0,
  inPixel: i32 = 0,
  left: i32 = 0,
  columnStep: i32 = 0,
  imageWidth: i32 = 0,
): usize {
  const tapWidth = inPixel == 0 ? 0 : depth / inPixel;
  const pixels = height * width * images;
  let row = 0;
  let column = 0;
  let image = 0;
  let first = firstInside(taps, count, 0, imageHeight);
  let end = endInside(taps, count, 0, imageHeight);
  for (let pixel = 0; pixel < pixels; pixel += 6, positions += GROUP) {
    let groupFirst = first;
    let groupEnd = end;
    let groupLeft = depth;
    let groupRight = 0;
    for (let i = 0; i < 6; i++) {
      const at = positions + ((<usize>i) << 3);
      if (pixel + i >= pixels) {
        store<i64>(at, load<i64>(at - 8));
        continue;
      }
      groupFirst = min(groupFirst, first);
      groupEnd = max(groupEnd, end);
      const column0 = left + column * columnStep;
      groupLeft = min(groupLeft, max(0, -column0) * inPixel);
      groupRight = max(groupRight, inPixel == 0 ? depth : min(tapWidth, imageWidth - column0) * inPixel);
      store<i32>(at, imageStart + row * imageRow + column * imageColumn + image * nextImage);
      store<i32>(at, outStart + row * outRow + column * outColumn + image * nextOut, 4);
      if (++image < images) continue;
      image = 0;
      if (++column < width) continue;
      column = 0;
      row++;
      first = firstInside(taps, count, row * rowStep, imageHeight);
      end = endInside(taps, count, row * rowStep, imageHeight);
    }
    store<i32>(positions, groupFirst * <i32>TAP, 48);
    store<i32>(positions, groupEnd * <i32>TAP, 52);
    store<i32>(positions, min(groupLeft, groupRight) & ~1, 56); // even, so that what is summed apart stays apart
    store<i32>(positions, groupRight, 60);
  }
  return positions;
}

/** The first tap that lies in the image when the window is `row` rows down. */
function firstInside(taps: usize, count: i32, row: i32, height: i32): i32 {
  let i = 0;
  while (i < count && <u32>(row + load<i32>(taps + <usize>i * TAP, 8)) >= <u32>height) i++;
  return i;
}

/** The number of taps up to the last that does. */
function endInside(taps: usize, count: i32, row: i32, height: i32): i32 {
  let i = count;
  while (i > 0 && <u32>(row + load<i32>(taps + <usize>(i - 1) * TAP, 8)) >= <u32>height) i--;
  return i;
}
