import { storeLanes } from "./parts/lanes";
import { Window } from "./parts/window";

/** The mean of the numbers under each window that lie in the image, or NaN where none does. Sixteen channels go at a time, then four. */
export function avgPool(x: usize, y: usize, window: Window): void {
  const channels = window.inChannels;
  const pixel = (<usize>channels) << 2;
  const inHeight = window.inHeight;
  const inWidth = window.inWidth;
  const outHeight = window.outHeight;
  const outWidth = window.outWidth;
  const filterHeight = window.filterHeight;
  const filterWidth = window.filterWidth;
  const row = <usize>inWidth * pixel;
  for (let n = 0; n < window.batch; n++, x += <usize>inHeight * row) {
    for (let r = 0; r < outHeight; r++) {
      const start = r * window.strideHeight - window.top;
      const top = max(0, start);
      const down = min(inHeight, start + filterHeight) - top;
      for (let q = 0; q < outWidth; q++, y += pixel) {
        const from = q * window.strideWidth - window.left;
        const left = max(0, from);
        const across = min(inWidth, from + filterWidth) - left;
        const share: f32 = 1 / <f32>(max(0, down) * max(0, across));
        const first = x + <usize>top * row + <usize>left * pixel;
        if (channels === 1) store<f32>(y, sumOfOne(first, down, across, row) * share);
        else meanOfPixels(first, y, down, across, channels, pixel, row, f32x4.splat(share), q + 1 < outWidth);
      }
    }
  }
}

/** The sum of a window of one channel. */
function sumOfOne(x: usize, down: i32, across: i32, row: usize): f32 {
  let sum: f32 = 0;
  for (; down > 0; down--, x += row) {
    let at = x;
    for (let j = 0; j < across; j++, at += 4) sum += load<f32>(at);
  }
  return sum;
}

function meanOfPixels(
  x: usize,
  y: usize,
  down: i32,
  across: i32,
  channels: i32,
  pixel: usize,
  row: usize,
  share: v128,
  isBeforeAnother: bool,
): void {
  let left = channels;
  for (; left >= 16; left -= 16, x += 64, y += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let line = x;
    for (let i = 0; i < down; i++, line += row) {
      let at = line;
      for (let j = 0; j < across; j++, at += pixel) {
        a = f32x4.add(a, v128.load(at));
        b = f32x4.add(b, v128.load(at, 16));
        c = f32x4.add(c, v128.load(at, 32));
        d = f32x4.add(d, v128.load(at, 48));
      }
    }
    v128.store(y, f32x4.mul(a, share));
    v128.store(y, f32x4.mul(b, share), 16);
    v128.store(y, f32x4.mul(c, share), 32);
    v128.store(y, f32x4.mul(d, share), 48);
  }
  for (; left >= 4; left -= 4, x += 16, y += 16) {
    let sum = f32x4.splat(0);
    let line = x;
    for (let i = 0; i < down; i++, line += row) {
      let at = line;
      for (let j = 0; j < across; j++, at += pixel) sum = f32x4.add(sum, v128.load(at));
    }
    v128.store(y, f32x4.mul(sum, share));
  }
  if (left <= 0) return;
  // What lies beyond the last channels is added up too, and not kept: the next pixel is written over it.
  let sum = f32x4.splat(0);
  for (; down > 0; down--, x += row) {
    let at = x;
    for (let j = 0; j < across; j++, at += pixel) sum = f32x4.add(sum, v128.load(at));
  }
  if (isBeforeAnother && channels > 1) v128.store(y, f32x4.mul(sum, share));
  else storeLanes(y, f32x4.mul(sum, share), left);
}
