import { padAndRepeat } from "./parts/pad";
import { slideDepthwise } from "./parts/slide-depthwise";
import { fillPositions, putTap } from "./parts/tables";
import { Window } from "./parts/window";

/** A depthwise convolution over images. Without a bias, its address is 0. */
export function depthwise(
  x: usize,
  filter: usize,
  bias: usize,
  y: usize,
  padded: usize,
  taps: usize,
  positions: usize,
  window: Window,
): void {
  const inHeight = window.inHeight;
  const inWidth = window.inWidth;
  const inChannels = window.inChannels;
  const channels = window.outChannels;
  const times = channels / inChannels;
  let height =
    (window.outHeight - 1) * window.strideHeight + (window.filterHeight - 1) * window.dilationHeight + 1;
  let width =
    (window.outWidth - 1) * window.strideWidth + (window.filterWidth - 1) * window.dilationWidth + 1;
  const isPadded = times > 1 || window.top != 0 || window.left != 0 || height > inHeight || width > inWidth;
  if (!isPadded) width = inWidth;
  const pixel = channels << 2;
  for (let r = 0, count = 0; r < window.filterHeight; r++) {
    for (let q = 0; q < window.filterWidth; q++, count++) {
      const at = (r * window.dilationHeight * width + q * window.dilationWidth) * pixel;
      putTap(taps, count, at, count, r * window.dilationHeight - window.top);
    }
  }
  const end = fillPositions(
    positions,
    taps,
    window.filterHeight * window.filterWidth,
    window.outHeight,
    window.outWidth,
    window.strideHeight,
    inHeight,
    0,
    window.strideHeight * width * pixel,
    window.strideWidth * pixel,
    0,
    window.outWidth * pixel,
    pixel,
  );
  for (let n = 0; n < window.batch; n++) {
    let image = x + ((<usize>(n * inHeight * inWidth * inChannels)) << 2);
    if (isPadded) {
      padAndRepeat(
        image,
        padded,
        inHeight,
        inWidth,
        inChannels,
        times,
        height,
        width,
        window.top,
        window.left,
      );
      image = padded;
    }
    const to = y + <usize>(n * window.outHeight * window.outWidth * pixel);
    slideDepthwise(image, to, filter, bias, channels, taps, positions, end);
  }
}
