import { loadLanes, storeLanes } from "./parts/lanes";
import { Window } from "./parts/window";

/** The mean of the numbers under each window that lie in the image, or NaN where none does. Four channels go at a time. */
export function avgPool(x: usize, y: usize, window: Window): void {
  const channels = window.inChannels;
  const pixel = (<usize>channels) << 2;
  for (let n = 0; n < window.batch; n++, x += <usize>(window.inHeight * window.inWidth) * pixel) {
    for (let r = 0; r < window.outHeight; r++) {
      const start = r * window.strideHeight - window.top;
      const top = max(0, start);
      const bottom = min(window.inHeight, start + window.filterHeight);
      for (let q = 0; q < window.outWidth; q++, y += pixel) {
        const from = q * window.strideWidth - window.left;
        const left = max(0, from);
        const right = min(window.inWidth, from + window.filterWidth);
        const share = f32x4.splat(1 / <f32>(max(0, bottom - top) * max(0, right - left)));
        for (let c = 0; c < channels; c += 4) {
          const at = (<usize>c) << 2;
          let sum = f32x4.splat(0);
          for (let i = top; i < bottom; i++) {
            let own = x + <usize>(i * window.inWidth + left) * pixel + at;
            for (let j = left; j < right; j++, own += pixel)
              sum = f32x4.add(sum, loadLanes(own, channels - c));
          }
          storeLanes(y + at, f32x4.mul(sum, share), channels - c);
        }
      }
    }
  }
}
