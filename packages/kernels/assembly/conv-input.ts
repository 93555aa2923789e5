import { pad } from "./pad";
import { slide } from "./slide";
import { fillPanels, fillPlaces, panelSize, putTap } from "./tables";
import { Window } from "./window";

// The gradient of a convolution at its input is a convolution too: its image is the gradient at the output, its window the
// filter turned round. With a stride, places that lie a stride apart see the same taps of the filter, and others see others;
// so each such phase of the input is a convolution of its own, with stride 1 and some of the taps.

/** The gradient of a convolution over volumes (images, with a depth of 1) at its input. */
export function convInput(
  dy: usize,
  filter: usize,
  dx: usize,
  padded: usize,
  panels: usize,
  taps: usize,
  places: usize,
  window: Window,
): void {
  const inChannels = window.inChannels;
  const outChannels = window.outChannels;
  const before = zerosBefore(window.filterDepth, window.dilationDepth, window.front, window.strideDepth);
  const above = zerosBefore(window.filterHeight, window.dilationHeight, window.top, window.strideHeight);
  const left = zerosBefore(window.filterWidth, window.dilationWidth, window.left, window.strideWidth);
  const depth = before + (window.inDepth - 1 + window.front) / window.strideDepth + 1;
  const height = above + (window.inHeight - 1 + window.top) / window.strideHeight + 1;
  const width = left + (window.inWidth - 1 + window.left) / window.strideWidth + 1;
  const inPixel = inChannels << 2;
  const outPixel = outChannels << 2;
  const plane = <usize>(height * width * outPixel);
  const outPlane = <usize>(window.outHeight * window.outWidth * outPixel);
  const allTaps = window.filterDepth * window.filterHeight * window.filterWidth;

  const groups = window.groups;
  const inputs = inChannels / groups;
  const outputs = outChannels / groups;
  // Without gaps, a row of the window lies in a row in memory too, from its last number to its first: it is one tap.
  const isDense = groups == 1 && window.strideWidth == 1 && window.dilationWidth == 1;
  const tapsInRow = isDense ? window.filterWidth : 1;
  const step = (isDense ? -1 : 1) * inputs * outChannels;
  const first = isDense ? filter + ((<usize>((1 - allTaps) * step)) << 2) : filter;
  const panelsOfGroup = (<usize>panelSize(allTaps, outputs, inputs)) << 2;
  for (let g = 0; g < groups; g++) {
    const from = first + ((<usize>(g * outputs)) << 2);
    const to = panels + <usize>g * panelsOfGroup;
    fillPanels(to, from, allTaps, outputs, inputs, step, 1, outChannels);
  }
  for (let n = 0; n < window.batch; n++) {
    for (let d = 0; d < depth; d++) {
      const to = padded + <usize>d * plane;
      if (<u32>(d - before) >= <u32>window.outDepth) {
        memory.fill(to, 0, plane);
        continue;
      }
      const from = dy + <usize>(n * window.outDepth + d - before) * outPlane;
      pad(from, to, window.outHeight, window.outWidth, outChannels, height, width, above, left);
    }
    for (let phase = 0; phase < window.strideDepth * window.strideHeight * window.strideWidth; phase++) {
      const a = phase / (window.strideHeight * window.strideWidth);
      const b = (phase / window.strideWidth) % window.strideHeight;
      const c = phase % window.strideWidth;
      const count = fillTaps(
        taps,
        window,
        isDense,
        a,
        b,
        c,
        before,
        above,
        left,
        plane,
        width * outPixel,
        outPixel,
      );
      for (let d = a; d < window.inDepth; d += window.strideDepth) {
        const end = fillPlaces(
          places,
          taps,
          count,
          size(window.inHeight, b, window.strideHeight),
          size(window.inWidth, c, window.strideWidth),
          1,
          window.outHeight,
          <i32>plane * (d / window.strideDepth),
          width * outPixel,
          outPixel,
          ((d * window.inHeight + b) * window.inWidth + c) * inPixel,
          window.strideHeight * window.inWidth * inPixel,
          window.strideWidth * inPixel,
        );
        const to = dx + <usize>(n * window.inDepth * window.inHeight * window.inWidth * inPixel);
        for (let g = 0; g < groups; g++) {
          slide(
            padded + ((<usize>(g * outputs)) << 2),
            to + ((<usize>(g * inputs)) << 2),
            panels + <usize>g * panelsOfGroup,
            allTaps / tapsInRow,
            outputs * tapsInRow,
            inputs,
            taps,
            places,
            end,
            0,
          );
        }
      }
    }
  }
}

/** How many zeros the window needs before the gradient at the output. */
export function zerosBefore(filter: i32, dilation: i32, padding: i32, stride: i32): i32 {
  return max(0, ((filter - 1) * dilation - padding + stride - 1) / stride);
}

/** How many numbers of a row are in a phase. */
export function size(all: i32, phase: i32, stride: i32): i32 {
  return max(0, (all - phase + stride - 1) / stride);
}

/** The taps that phase `a`, `b`, `c` of the input sees; if dense, one for each row, and numbered from the last. */
export function fillTaps(
  taps: usize,
  window: Window,
  isDense: bool,
  a: i32,
  b: i32,
  c: i32,
  before: i32,
  above: i32,
  left: i32,
  plane: usize,
  row: i32,
  pixel: i32,
): i32 {
  let count = 0;
  for (let i = 0; i < window.filterDepth; i++) {
    const z = a + window.front - i * window.dilationDepth;
    if (z % window.strideDepth != 0) continue;
    for (let r = 0; r < window.filterHeight; r++) {
      const y = b + window.top - r * window.dilationHeight;
      if (y % window.strideHeight != 0) continue;
      for (let q = isDense ? window.filterWidth - 1 : 0; q < window.filterWidth; q++) {
        const x = c + window.left - q * window.dilationWidth;
        if (x % window.strideWidth != 0) continue;
        const at =
          <i32>plane * (z / window.strideDepth + before) +
          row * (y / window.strideHeight + above) +
          pixel * (x / window.strideWidth + left);
        const line = i * window.filterHeight + r;
        const last = window.filterDepth * window.filterHeight - 1;
        const number = isDense ? last - line : line * window.filterWidth + q;
        putTap(taps, count++, at, number, y / window.strideHeight);
      }
    }
  }
  return count;
}
