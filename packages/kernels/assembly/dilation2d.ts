import { storeLanes } from "./parts/lanes";
import { Window } from "./parts/window";

// Morphological dilation, `y = max over the window of x + filter`, and its gradients: each goes to the first maximum.

/** Four channels at a time. */
export function dilation2d(x: usize, filter: usize, y: usize, window: Window): void {
  const pixel = (<usize>window.inChannels) << 2;
  for (let n = 0; n < window.batch; n++, x += pixel * window.inHeight * window.inWidth) {
    for (let r = 0; r < window.outHeight; r++) {
      const top = r * window.strideHeight - window.top;
      for (let q = 0; q < window.outWidth; q++, y += pixel) {
        const left = q * window.strideWidth - window.left;
        for (let c = 0; c < window.inChannels; c += 4) {
          const at = (<usize>c) << 2;
          storeLanes(y + at, largest(x + at, filter + at, window, top, left), window.inChannels - c);
        }
      }
    }
  }
}

/** The largest sums of four channels in a window; what is not a number counts as nothing. */
function largest(x: usize, filter: usize, window: Window, top: i32, left: i32): v128 {
  const pixel = (<usize>window.inChannels) << 2;
  let best = f32x4.splat(-Infinity);
  for (let i = 0; i < window.filterHeight; i++) {
    const row = top + i * window.dilationHeight;
    if (<u32>row >= <u32>window.inHeight) continue;
    for (let j = 0; j < window.filterWidth; j++) {
      const column = left + j * window.dilationWidth;
      if (<u32>column >= <u32>window.inWidth) continue;
      const own = v128.load(x + pixel * (row * window.inWidth + column));
      const weight = v128.load(filter + pixel * (i * window.filterWidth + j));
      best = f32x4.pmax(best, f32x4.add(own, weight));
    }
  }
  return best;
}

export function dilation2dInput(x: usize, filter: usize, dy: usize, dx: usize, window: Window): void {
  const channels = window.inChannels;
  memory.fill(dx, 0, (<usize>(window.batch * window.inHeight * window.inWidth * channels)) << 2);
  spread(x, filter, dy, dx, 0, window);
}

export function dilation2dFilter(x: usize, filter: usize, dy: usize, dw: usize, window: Window): void {
  memory.fill(dw, 0, (<usize>(window.filterHeight * window.filterWidth * window.inChannels)) << 2);
  spread(x, filter, dy, 0, dw, window);
}

/** Adds each number of `dy` to `dx` at its window's maximum, or to `dw` at the position of the window where it is; 0: not asked for. */
function spread(x: usize, filter: usize, dy: usize, dx: usize, dw: usize, window: Window): void {
  const channels = window.inChannels;
  for (let n = 0; n < window.batch; n++) {
    for (let r = 0; r < window.outHeight; r++) {
      const top = r * window.strideHeight - window.top;
      for (let q = 0; q < window.outWidth; q++) {
        const left = q * window.strideWidth - window.left;
        for (let c = 0; c < channels; c++, dy += 4) {
          let best: f32 = -Infinity;
          let at = -1;
          let position = 0;
          for (let i = 0; i < window.filterHeight; i++) {
            const row = top + i * window.dilationHeight;
            if (<u32>row >= <u32>window.inHeight) continue;
            for (let j = 0; j < window.filterWidth; j++) {
              const column = left + j * window.dilationWidth;
              if (<u32>column >= <u32>window.inWidth) continue;
              const pixel = ((n * window.inHeight + row) * window.inWidth + column) * channels + c;
              const weight = (i * window.filterWidth + j) * channels + c;
              const value = load<f32>(x + ((<usize>pixel) << 2)) + load<f32>(filter + ((<usize>weight) << 2));
              if (at != -1 && !(value > best)) continue;
              best = value;
              at = pixel;
              position = weight;
            }
          }
          if (at == -1) continue;
          const to = dx != 0 ? dx + ((<usize>at) << 2) : dw + ((<usize>position) << 2);
          store<f32>(to, load<f32>(to) + load<f32>(dy));
        }
      }
    }
  }
}
