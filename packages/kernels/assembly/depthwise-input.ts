import { fillTaps, size, zerosBefore } from "./conv-input";
import { storeLanes } from "./lanes";
import { pad } from "./pad";
import { fillPlaces, GROUP, TAP } from "./tables";
import { Window } from "./window";

/**
 * As in conv-input.ts, channel by channel. Where a channel has several filters, the gradients through each are found apart,
 * then added.
 */
export function depthwiseInput(
  dy: usize,
  filter: usize,
  dx: usize,
  padded: usize,
  apart: usize,
  taps: usize,
  places: usize,
  window: Window,
): void {
  const inHeight = window.inHeight;
  const inWidth = window.inWidth;
  const inChannels = window.inChannels;
  const channels = window.outChannels;
  const above = zerosBefore(window.filterHeight, window.dilationHeight, window.top, window.strideHeight);
  const left = zerosBefore(window.filterWidth, window.dilationWidth, window.left, window.strideWidth);
  const height = above + (inHeight - 1 + window.top) / window.strideHeight + 1;
  const width = left + (inWidth - 1 + window.left) / window.strideWidth + 1;
  const pixel = channels << 2;
  for (let n = 0; n < window.batch; n++) {
    const from = dy + <usize>(n * window.outHeight * window.outWidth * pixel);
    pad(from, padded, window.outHeight, window.outWidth, channels, height, width, above, left);
    const image = dx + ((<usize>(n * inHeight * inWidth * inChannels)) << 2);
    const to = channels == inChannels ? image : apart;
    for (let a = 0; a < window.strideHeight; a++) {
      for (let b = 0; b < window.strideWidth; b++) {
        const count = fillTaps(taps, window, 0, a, b, 0, above, left, 0, width * pixel, pixel);
        const end = fillPlaces(
          places,
          taps,
          count,
          size(inHeight, a, window.strideHeight),
          size(inWidth, b, window.strideWidth),
          1,
          window.outHeight,
          0,
          width * pixel,
          pixel,
          (a * inWidth + b) * pixel,
          window.strideHeight * inWidth * pixel,
          window.strideWidth * pixel,
        );
        slideDepthwise(padded, to, filter, channels, taps, places, end);
      }
    }
    if (to != image) addUp(apart, image, inHeight * inWidth * inChannels, channels / inChannels);
  }
}

/** Like `slide`, but each channel has only itself to look at; `filter` is `[tap][channel]`. */
function slideDepthwise(
  image: usize,
  out: usize,
  filter: usize,
  channels: i32,
  taps: usize,
  places: usize,
  endOfPlaces: usize,
): void {
  for (; places < endOfPlaces; places += GROUP) {
    for (let c = 0; c < channels; c += 4) {
      const start = (<usize>max(0, min(c, channels - 4))) << 2;
      tile(image + start, out + start, filter + start, channels << 2, places, taps, channels);
    }
  }
}

function tile(
  image: usize,
  out: usize,
  filter: usize,
  pixel: i32,
  places: usize,
  taps: usize,
  channels: i32,
): void {
  const i0 = image + load<i32>(places);
  const i1 = image + load<i32>(places, 8);
  const i2 = image + load<i32>(places, 16);
  const i3 = image + load<i32>(places, 24);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const end = taps + load<i32>(places, 36);
  for (let tap = taps + load<i32>(places, 32); tap < end; tap += TAP) {
    const at = load<i32>(tap);
    const w = v128.load(filter + load<i32>(tap, 4) * pixel);
    s0 = f32x4.add(s0, f32x4.mul(w, v128.load(i0 + at)));
    s1 = f32x4.add(s1, f32x4.mul(w, v128.load(i1 + at)));
    s2 = f32x4.add(s2, f32x4.mul(w, v128.load(i2 + at)));
    s3 = f32x4.add(s3, f32x4.mul(w, v128.load(i3 + at)));
  }
  storeLanes(out + load<i32>(places, 4), s0, channels);
  storeLanes(out + load<i32>(places, 12), s1, channels);
  storeLanes(out + load<i32>(places, 20), s2, channels);
  storeLanes(out + load<i32>(places, 28), s3, channels);
}

/** Each of `count` numbers is the sum of the next `times` ones. */
function addUp(from: usize, to: usize, count: i32, times: i32): void {
  for (let i = 0; i < count; i++, to += 4) {
    let sum: f32 = 0;
    for (let t = 0; t < times; t++, from += 4) sum += load<f32>(from);
    store<f32>(to, sum);
  }
}
