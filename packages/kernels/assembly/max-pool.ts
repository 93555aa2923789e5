import { storeLanes } from "./lanes";
import { Window } from "./window";

// Max pooling over volumes (images, with a depth of 1). A window sees only what lies in the volume; its first maximum in the
// order of the axes wins, or its last NaN. Four channels go at a time.

/** Where no number is: the window lies outside the volume. */
const NOWHERE = -1;

/** @param outside what a window gives that sees nothing of the volume */
export function maxPool(x: usize, y: usize, outside: f32, window: Window): void {
  const channels = window.inChannels;
  for (let n = 0; n < window.batch; n++) {
    const volume = x + ((<usize>(n * window.inDepth * window.inHeight * window.inWidth * channels)) << 2);
    for (let d = 0; d < window.outDepth; d++) {
      for (let r = 0; r < window.outHeight; r++) {
        for (let q = 0; q < window.outWidth; q++, y += (<usize>channels) << 2) {
          for (let c = 0; c < channels; c += 4) {
            const at = (<usize>c) << 2;
            storeLanes(y + at, largest(volume + at, window, d, r, q, outside, 0), channels - c);
          }
        }
      }
    }
  }
}

/** @param positions room for four numbers */
export function maxPoolGrad(dy: usize, x: usize, dx: usize, positions: usize, window: Window): void {
  const channels = window.inChannels;
  const size = window.inDepth * window.inHeight * window.inWidth * channels;
  memory.fill(dx, 0, (<usize>(window.batch * size)) << 2);
  for (let n = 0; n < window.batch; n++, x += (<usize>size) << 2, dx += (<usize>size) << 2) {
    for (let d = 0; d < window.outDepth; d++) {
      for (let r = 0; r < window.outHeight; r++) {
        for (let q = 0; q < window.outWidth; q++, dy += (<usize>channels) << 2) {
          for (let c = 0; c < channels; c += 4) {
            largest(x + ((<usize>c) << 2), window, d, r, q, 0, positions);
            for (let lane = 0; lane < min(4, channels - c); lane++) {
              const position = load<i32>(positions + ((<usize>lane) << 2));
              if (position == NOWHERE) continue;
              const to = dx + position + ((<usize>(c + lane)) << 2);
              store<f32>(to, load<f32>(to) + load<f32>(dy + ((<usize>(c + lane)) << 2)));
            }
          }
        }
      }
    }
  }
}

/** The largest numbers of four channels in a window, and, where `positions` is not 0, where the pixels lie that have them. */
function largest(
  volume: usize,
  window: Window,
  d: i32,
  r: i32,
  q: i32,
  outside: f32,
  positions: usize,
): v128 {
  const front = d * window.strideDepth - window.front;
  const top = r * window.strideHeight - window.top;
  const left = q * window.strideWidth - window.left;
  const back = min(window.inDepth, front + (window.filterDepth - 1) * window.dilationDepth + 1);
  const bottom = min(window.inHeight, top + (window.filterHeight - 1) * window.dilationHeight + 1);
  const right = min(window.inWidth, left + (window.filterWidth - 1) * window.dilationWidth + 1);
  const firstRow = firstInside(top, window.dilationHeight);
  const firstColumn = firstInside(left, window.dilationWidth);
  const pixel = window.inChannels << 2;
  let best = f32x4.splat(outside);
  let where = i32x4.splat(NOWHERE);
  for (let i = firstInside(front, window.dilationDepth); i < back; i += window.dilationDepth) {
    for (let j = firstRow; j < bottom; j += window.dilationHeight) {
      const line = (i * window.inHeight + j) * window.inWidth;
      for (let k = firstColumn; k < right; k += window.dilationWidth) {
        const at = (line + k) * pixel;
        const values = v128.load(volume + at);
        const isLarger = v128.or(
          v128.or(f32x4.gt(values, best), f32x4.ne(values, values)),
          i32x4.eq(where, i32x4.splat(NOWHERE)),
        );
        best = v128.bitselect(values, best, isLarger);
        where = v128.bitselect(i32x4.splat(at), where, isLarger);
      }
    }
  }
  if (positions != 0) v128.store(positions, where);
  return best;
}

/** The first of `start`, `start + step`, … that is not negative. */
function firstInside(start: i32, step: i32): i32 {
  return start >= 0 ? start : start + ((-start + step - 1) / step) * step;
}
