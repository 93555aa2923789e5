import { Window } from "./parts/window";

/** Gives each number under a window an even share of its gradient. The windows lie inside of the image. */
export function avgPoolGradient(dy: usize, dx: usize, window: Window): void {
  const channels = window.inChannels;
  const pixel = (<usize>channels) << 2;
  const whole = pixel & ~15;
  const share: f32 = 1 / <f32>(window.filterHeight * window.filterWidth);
  memory.fill(dx, 0, <usize>(window.batch * window.inHeight * window.inWidth) * pixel);
  for (let n = 0; n < window.batch; n++, dx += <usize>(window.inHeight * window.inWidth) * pixel) {
    for (let r = 0; r < window.outHeight; r++) {
      for (let q = 0; q < window.outWidth; q++, dy += pixel) {
        for (let i = 0; i < window.filterHeight; i++) {
          const row = r * window.strideHeight + i;
          let to = dx + <usize>(row * window.inWidth + q * window.strideWidth) * pixel;
          for (let j = 0; j < window.filterWidth; j++, to += pixel) {
            let at: usize = 0;
            for (; at < whole; at += 16) {
              const part = f32x4.mul(v128.load(dy + at), f32x4.splat(share));
              v128.store(to + at, f32x4.add(v128.load(to + at), part));
            }
            for (; at < pixel; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(dy + at) * share);
          }
        }
      }
    }
  }
}
