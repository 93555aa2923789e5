import { pad } from "./parts/pad";
import { fillTaps, size, zerosBefore } from "./parts/phases";
import { slide } from "./parts/slide";
import { fillPanels, fillPositions, panelSize } from "./parts/tables";
import { Window } from "./parts/window";

// The gradient of a convolution at its input is a convolution too: its image is the gradient at the output, its window the
// filter turned round. With a stride, positions that lie a stride apart see the same taps of the filter, and others see others;
// so each such phase of the input is a convolution of its own, with stride 1 and some of the taps.

/**
 * The gradient of a convolution over volumes (images, with a depth of 1) at its input.
 *
 * @param together how many volumes `padded` and `positions` have room for: several, where each has but a few pixels
 */
export function convInput(
  dy: usize,
  filter: usize,
  dx: usize,
  padded: usize,
  panels: usize,
  taps: usize,
  positions: usize,
  together: i32,
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
  const volume = window.inDepth * window.inHeight * window.inWidth * inPixel;
  for (let n = 0; n < window.batch; n += together) {
    const volumes = min(together, window.batch - n);
    for (let i = 0; i < volumes; i++) {
      for (let d = 0; d < depth; d++) {
        const to = padded + <usize>(i * depth + d) * plane;
        if (<u32>(d - before) >= <u32>window.outDepth) {
          memory.fill(to, 0, plane);
          continue;
        }
        const from = dy + <usize>((n + i) * window.outDepth + d - before) * outPlane;
        pad(from, to, window.outHeight, window.outWidth, outChannels, height, width, above, left);
      }
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
        const end = fillPositions(
          positions,
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
          volumes,
          depth * <i32>plane,
          volume,
          outputs * tapsInRow,
          isDense ? outputs : 0,
          window.left - (window.filterWidth - 1),
          1,
          window.outWidth,
        );
        const to = dx + <usize>n * volume;
        for (let g = 0; g < groups; g++) {
          slide(
            padded + ((<usize>(g * outputs)) << 2),
            to + ((<usize>(g * inputs)) << 2),
            panels + <usize>g * panelsOfGroup,
            allTaps / tapsInRow,
            outputs * tapsInRow,
            inputs,
            taps,
            positions,
            end,
            0,
          );
        }
      }
    }
  }
}
