import { storeLanes } from "./parts/lanes";
import { Window } from "./parts/window";

// Max pooling over volumes (images, with a depth of 1). A window sees only what lies in the volume; of its maxima the first in
// the order of the axes wins, and the last NaN over all, as in PyTorch. Four channels go at a time.

/**
 * The largest number of each window, or NaN where it sees one.
 *
 * @param outside what a window gives that sees nothing of the volume
 */
export function maxPool(x: usize, y: usize, outside: f32, window: Window): void {
  const channels = window.inChannels;
  for (let n = 0; n < window.batch; n++) {
    const volume = x + ((<usize>(n * window.inDepth * window.inHeight * window.inWidth * channels)) << 2);
    for (let d = 0; d < window.outDepth; d++) {
      for (let r = 0; r < window.outHeight; r++) {
        for (let q = 0; q < window.outWidth; q++, y += (<usize>channels) << 2) {
          largest(volume, y, window, d, r, q, outside);
        }
      }
    }
  }
}

/** Puts the gradient of each window where its maximum, `y`, came from: the first number that is equal to it, or the last NaN. */
export function maxPoolGradient(dy: usize, x: usize, y: usize, dx: usize, window: Window): void {
  const channels = window.inChannels;
  const size = window.inDepth * window.inHeight * window.inWidth * channels;
  for (let n = 0; n < window.batch; n++, x += (<usize>size) << 2, dx += (<usize>size) << 2) {
    memory.fill(dx, 0, (<usize>size) << 2); // by volume, so that it is still in the cache
    for (let d = 0; d < window.outDepth; d++) {
      const front = d * window.strideDepth - window.front;
      for (let r = 0; r < window.outHeight; r++) {
        const top = r * window.strideHeight - window.top;
        for (let q = 0; q < window.outWidth; q++) {
          putBack(dy, x, y, dx, window, front, top, q * window.strideWidth - window.left);
          dy += (<usize>channels) << 2;
          y += (<usize>channels) << 2;
        }
      }
    }
  }
}

/** For one window: four channels at a time, then those that are left. */
function putBack(
  dy: usize,
  x: usize,
  y: usize,
  dx: usize,
  window: Window,
  front: i32,
  top: i32,
  left: i32,
): void {
  const back = min(window.inDepth, front + (window.filterDepth - 1) * window.dilationDepth + 1);
  const bottom = min(window.inHeight, top + (window.filterHeight - 1) * window.dilationHeight + 1);
  const right = min(window.inWidth, left + (window.filterWidth - 1) * window.dilationWidth + 1);
  const firstPlane = firstInside(front, window.dilationDepth);
  const firstRow = firstInside(top, window.dilationHeight);
  const firstColumn = firstInside(left, window.dilationWidth);
  const deeper = window.dilationDepth;
  const below = window.dilationHeight;
  const toTheRight = window.dilationWidth;
  const height = window.inHeight;
  const width = window.inWidth;
  const pixel = window.inChannels << 2;
  const whole = (window.inChannels & ~3) << 2;
  for (let c = 0; c < pixel; c += c < whole ? 16 : 4) {
    const isWhole = c < whole;
    const largest = isWhole ? v128.load(y + c) : f32x4.splat(load<f32>(y + c));
    const gradient = isWhole ? v128.load(dy + c) : f32x4.splat(load<f32>(dy + c));
    let isLeft = f32x4.eq(largest, largest);
    for (let i = firstPlane; i < back; i += deeper) {
      for (let j = firstRow; j < bottom; j += below) {
        const line = (i * height + j) * width;
        for (let k = firstColumn; k < right; k += toTheRight) {
          const at = <usize>((line + k) * pixel + c);
          const value = isWhole ? v128.load(x + at) : f32x4.splat(load<f32>(x + at));
          const isHere = v128.and(isLeft, f32x4.eq(value, largest));
          isLeft = v128.andnot(isLeft, isHere);
          addWhere(dx + at, gradient, isHere, isWhole);
        }
      }
    }
    isLeft = f32x4.ne(largest, largest);
    if (!v128.any_true(isLeft)) continue;
    for (let i = lastBelow(back, firstPlane, deeper); i >= firstPlane; i -= deeper) {
      for (let j = lastBelow(bottom, firstRow, below); j >= firstRow; j -= below) {
        const line = (i * height + j) * width;
        for (let k = lastBelow(right, firstColumn, toTheRight); k >= firstColumn; k -= toTheRight) {
          const at = <usize>((line + k) * pixel + c);
          const value = isWhole ? v128.load(x + at) : f32x4.splat(load<f32>(x + at));
          const isHere = v128.and(isLeft, f32x4.ne(value, value));
          isLeft = v128.andnot(isLeft, isHere);
          addWhere(dx + at, gradient, isHere, isWhole);
        }
      }
    }
  }
}

/** Adds four numbers where they belong, or the first of them. */
function addWhere(to: usize, numbers: v128, isHere: v128, isWhole: bool): void {
  const add = v128.and(numbers, isHere);
  if (isWhole) v128.store(to, f32x4.add(v128.load(to), add));
  else store<f32>(to, load<f32>(to) + f32x4.extract_lane(add, 0));
}

/** The last of `first`, `first + step`, … that is less than `end`. */
function lastBelow(end: i32, first: i32, step: i32): i32 {
  return end > first ? first + ((end - 1 - first) / step) * step : first - 1;
}

/** The largest number of each channel in a window, or its last NaN. */
function largest(volume: usize, y: usize, window: Window, d: i32, r: i32, q: i32, outside: f32): void {
  const front = d * window.strideDepth - window.front;
  const top = r * window.strideHeight - window.top;
  const left = q * window.strideWidth - window.left;
  const back = min(window.inDepth, front + (window.filterDepth - 1) * window.dilationDepth + 1);
  const bottom = min(window.inHeight, top + (window.filterHeight - 1) * window.dilationHeight + 1);
  const right = min(window.inWidth, left + (window.filterWidth - 1) * window.dilationWidth + 1);
  const firstPlane = firstInside(front, window.dilationDepth);
  const firstRow = firstInside(top, window.dilationHeight);
  const firstColumn = firstInside(left, window.dilationWidth);
  const pixel = window.inChannels << 2;
  const rowStep = window.inWidth * pixel;
  const stepDown = window.dilationHeight;
  const stepRight = window.dilationWidth;
  for (let c = 0; c < pixel; c += 16) {
    let best = f32x4.splat(outside);
    let isFirst = true;
    for (let i = firstPlane; i < back; i += window.dilationDepth) {
      for (let j = firstRow; j < bottom; j += stepDown) {
        const line = volume + <usize>((i * window.inHeight + j) * rowStep + c);
        for (let k = firstColumn; k < right; k += stepRight) {
          const values = v128.load(line + <usize>(k * pixel));
          const isLarger = v128.or(f32x4.gt(values, best), f32x4.ne(values, values));
          best = isFirst ? values : v128.bitselect(values, best, isLarger);
          isFirst = false;
        }
      }
    }
    storeLanes(y + c, best, (pixel - c) >> 2);
  }
}

/** The first of `start`, `start + step`, … that is not negative. */
function firstInside(start: i32, step: i32): i32 {
  return start >= 0 ? start : start + ((-start + step - 1) / step) * step;
}
