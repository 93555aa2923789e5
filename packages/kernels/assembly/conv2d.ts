import { pad } from "./parts/pad";
import { slide } from "./parts/slide";
import { fillPanels, fillPositions, panelSize, putTap } from "./parts/tables";
import { Window } from "./parts/window";

/**
 * A convolution over images. Without a bias, its address is 0.
 *
 * @param together how many images `padded` and `positions` have room for: several, where each has but a few pixels
 */
export function conv2d(
  x: usize,
  filter: usize,
  bias: usize,
  y: usize,
  padded: usize,
  panels: usize,
  taps: usize,
  positions: usize,
  together: i32,
  window: Window,
): void {
  const inHeight = window.inHeight;
  const inWidth = window.inWidth;
  const inChannels = window.inChannels;
  const outChannels = window.outChannels;
  const height =
    (window.outHeight - 1) * window.strideHeight + (window.filterHeight - 1) * window.dilationHeight + 1;
  let width =
    (window.outWidth - 1) * window.strideWidth + (window.filterWidth - 1) * window.dilationWidth + 1;
  const isPadded = window.top != 0 || window.left != 0 || height > inHeight || width > inWidth;
  if (!isPadded) width = inWidth;
  const inPixel = inChannels << 2;
  const outPixel = outChannels << 2;

  const groups = window.groups;
  const channels = outChannels / groups;
  // Without gaps, a row of the window lies in a row in memory too: it is one tap, of all its numbers.
  const isDense = groups == 1 && window.dilationWidth == 1;
  const tapsInRow = isDense ? 1 : window.filterWidth;
  const depth = isDense ? window.filterWidth * inChannels : inChannels / groups;
  const allTaps = window.filterHeight * tapsInRow;
  const panelsOfGroup = (<usize>panelSize(allTaps, depth, channels)) << 2;
  for (let g = 0; g < groups; g++) {
    const from = filter + ((<usize>(g * channels)) << 2);
    const to = panels + <usize>g * panelsOfGroup;
    fillPanels(to, from, allTaps, depth, channels, depth * outChannels, outChannels, 1);
  }
  for (let r = 0, count = 0; r < window.filterHeight; r++) {
    for (let q = 0; q < tapsInRow; q++, count++) {
      const at = (r * window.dilationHeight * width + q * window.dilationWidth) * inPixel;
      putTap(taps, count, at, count, r * window.dilationHeight - window.top);
    }
  }
  const rowStep = window.strideHeight * width * inPixel;
  const image = inHeight * inWidth * inPixel;
  const pixels = window.outHeight * window.outWidth * outPixel;
  const nextImage = isPadded ? height * width * inPixel : image;
  let end: usize = 0;
  for (let n = 0, filled = 0; n < window.batch; n += together) {
    const images = min(together, window.batch - n);
    if (images != filled) {
      end = fillPositions(
        positions,
        taps,
        allTaps,
        window.outHeight,
        window.outWidth,
        window.strideHeight,
        inHeight,
        0,
        rowStep,
        window.strideWidth * inPixel,
        0,
        window.outWidth * outPixel,
        outPixel,
        images,
        nextImage,
        pixels,
        depth,
        isDense ? inChannels : 0,
        -window.left,
        window.strideWidth,
        inWidth,
      );
      filled = images;
    }
    let from = x + <usize>n * image;
    if (isPadded) {
      for (let i = 0; i < images; i++) {
        const own = from + <usize>i * image;
        const to = padded + <usize>i * nextImage;
        pad(own, to, inHeight, inWidth, inChannels, height, width, window.top, window.left);
      }
      from = padded;
    }
    const to = y + <usize>n * pixels;
    for (let g = 0; g < groups; g++) {
      const first = (<usize>(g * channels)) << 2;
      slide(
        from + ((<usize>(g * depth)) << 2),
        to + first,
        panels + <usize>g * panelsOfGroup,
        allTaps,
        depth,
        channels,
        taps,
        positions,
        end,
        bias == 0 ? 0 : bias + first,
      );
    }
  }
}
