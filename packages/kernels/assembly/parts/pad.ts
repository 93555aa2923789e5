/**
 * Copies an image of `[inHeight, inWidth, channels]` to `[height, width, channels]`, shifted by `top` and `left`, which may
 * be negative, with zeros around it: loops over windows then need no checks at the border.
 */
export function pad(
  from: usize,
  to: usize,
  inHeight: i32,
  inWidth: i32,
  channels: i32,
  height: i32,
  width: i32,
  top: i32,
  left: i32,
): void {
  const row = (<usize>(width * channels)) << 2;
  const first = min(width, max(0, left));
  const end = max(first, min(width, left + inWidth));
  const before = (<usize>(first * channels)) << 2;
  const copied = (<usize>((end - first) * channels)) << 2;
  for (let r = 0; r < height; r++, to += row) {
    const source = r - top;
    if (source < 0 || source >= inHeight || copied == 0) {
      memory.fill(to, 0, row);
      continue;
    }
    memory.fill(to, 0, before);
    memory.copy(to + before, from + ((<usize>((source * inWidth + first - left) * channels)) << 2), copied);
    memory.fill(to + before + copied, 0, row - before - copied);
  }
}

/** Like {@link pad}, with each channel `times` times in a row. */
export function padAndRepeat(
  from: usize,
  to: usize,
  inHeight: i32,
  inWidth: i32,
  channels: i32,
  times: i32,
  height: i32,
  width: i32,
  top: i32,
  left: i32,
): void {
  if (times == 1) {
    pad(from, to, inHeight, inWidth, channels, height, width, top, left);
    return;
  }
  for (let r = -top; r < height - top; r++) {
    for (let q = -left; q < width - left; q++) {
      const isInside = <u32>r < <u32>inHeight && <u32>q < <u32>inWidth;
      let at = from + ((<usize>((r * inWidth + q) * channels)) << 2);
      for (let c = 0; c < channels; c++, at += 4) {
        const value = isInside ? load<f32>(at) : 0;
        for (let i = 0; i < times; i++, to += 4) store<f32>(to, value);
      }
    }
  }
}
