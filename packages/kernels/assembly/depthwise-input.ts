import { fillTaps, size, zerosBefore } from "./parts/phases";
import { pad } from "./parts/pad";
import { slideDepthwise } from "./parts/slide-depthwise";
import { fillPositions } from "./parts/tables";
import { Window } from "./parts/window";

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
  positions: usize,
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
        const count = fillTaps(taps, window, false, 0, a, b, 0, above, left, 0, width * pixel, pixel);
        const end = fillPositions(
          positions,
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
        slideDepthwise(padded, to, filter, 0, channels, taps, positions, end);
      }
    }
    if (to != image) addUp(apart, image, inHeight * inWidth * inChannels, channels / inChannels);
  }
}

/** Each of `count` numbers is the sum of the next `times` ones. */
function addUp(from: usize, to: usize, count: i32, times: i32): void {
  for (let i = 0; i < count; i++, to += 4) {
    let sum: f32 = 0;
    for (let t = 0; t < times; t++, from += 4) sum += load<f32>(from);
    store<f32>(to, sum);
  }
}
