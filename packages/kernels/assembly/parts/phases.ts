import { putTap } from "./tables";
import { Window } from "./window";

// With a stride, positions of the input that lie a stride apart see the same taps of the filter: each such phase is a convolution.

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
