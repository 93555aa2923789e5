import { stageOf } from "./parts/long-sums";
import { pad } from "./parts/pad";
import { addProducts, isNarrow, sumColumns, takeSums } from "./parts/products";
import { Window } from "./parts/window";

/** Windows of a line that are added up at a time, at most; of longer ones, `lines` is 1. */
const LONGEST = 128;

/**
 * The gradient of a convolution over images at its filter: for each position of the window, the input under it times the
 * gradient at the output, summed over all windows.
 *
 * @param together how many images `padded` has room for: several, where each has but a few windows
 * @param lines how many rows of windows are added up at a time
 * @param sums room for the sums of all groups in 64 bits, or 0 where one block of rows that are not narrow is all
 * @param packed room for both tables of so many windows: see `packedRoom`
 * @param first the first of `count` rows of the filter, of `[taps, in / groups]`, to compute: a multiple of 4
 */
export function conv2dFilter(
  x: usize,
  dy: usize,
  dw: usize,
  padded: usize,
  together: i32,
  lines: i32,
  sums: usize,
  offsets: usize,
  packed: usize,
  first: i32,
  count: i32,
  window: Window,
): void {
  const inHeight = window.inHeight;
  const inWidth = window.inWidth;
  const inChannels = window.inChannels;
  const outHeight = window.outHeight;
  const outWidth = window.outWidth;
  const outChannels = window.outChannels;
  const groups = window.groups;
  const depth = inChannels / groups;
  const channels = outChannels / groups;
  let height = (outHeight - 1) * window.strideHeight + (window.filterHeight - 1) * window.dilationHeight + 1;
  let width = (outWidth - 1) * window.strideWidth + (window.filterWidth - 1) * window.dilationWidth + 1;
  const isPadded = window.top != 0 || window.left != 0 || height > inHeight || width > inWidth;
  if (!isPadded) {
    height = inHeight;
    width = inWidth;
  }
  const rows = window.filterHeight * window.filterWidth * depth;
  const sumsOfGroup = (<usize>(rows * sumColumns(channels))) << 3;
  const ahead = (<usize>(first * sumColumns(channels))) << 3;
  const isApart = isNarrow(channels);
  fillOffsets(offsets, window, depth, width);

  const image = height * width * inChannels;
  const line = window.strideHeight * width * inChannels;
  const step = window.strideWidth * inChannels;
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
    const isLastImage = n + together >= window.batch;
    for (let top = 0; top < outHeight; top += lines) {
      const down = min(lines, outHeight - top);
      for (let left = 0; left < outWidth; left += LONGEST) {
        const across = min(LONGEST, outWidth - left);
        const isFirst = n == 0 && top == 0 && left == 0;
        const isLast = isLastImage && top + lines >= outHeight && left + LONGEST >= outWidth;
        const stage = stageOf(isFirst, isLast && !isApart);
        for (let g = 0; g < groups; g++) {
          addProducts(
            at + ((<usize>(top * line + left * step + g * depth)) << 2),
            offsets + ((<usize>first) << 2),
            count,
            dy + ((<usize>(((n * outHeight + top) * outWidth + left) * outChannels + g * channels)) << 2),
            channels,
            sums + <usize>g * sumsOfGroup + ahead,
            images,
            down,
            across,
            (image - down * line) << 2,
            (line - across * step) << 2,
            step << 2,
            outChannels << 2,
            packed,
            dw + ((<usize>(first * outChannels + g * channels)) << 2),
            outChannels << 2,
            stage,
          );
        }
      }
    }
  }
  for (let g = 0; g < groups && isApart; g++) {
    const to = dw + ((<usize>(first * outChannels + g * channels)) << 2);
    takeSums(sums + <usize>g * sumsOfGroup + ahead, to, count, channels, outChannels);
  }
}

/** Where each number of the filter meets the input. */
function fillOffsets(offsets: usize, window: Window, depth: i32, width: i32): void {
  for (let r = 0; r < window.filterHeight; r++) {
    for (let q = 0; q < window.filterWidth; q++) {
      const pixel = r * window.dilationHeight * width + q * window.dilationWidth;
      for (let c = 0; c < depth; c++, offsets += 4) store<i32>(offsets, (pixel * window.inChannels + c) << 2);
    }
  }
}
