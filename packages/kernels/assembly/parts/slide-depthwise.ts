import { storeLanes } from "./lanes";
import { GROUP, TAP } from "./tables";
import { madd } from "./madd";

/** Like `slide`, but each channel has only itself to look at; `filter` is `[tap][channel]`. Without a bias, its address is 0. */
export function slideDepthwise(
  image: usize,
  out: usize,
  filter: usize,
  bias: usize,
  channels: i32,
  taps: usize,
  positions: usize,
  endOfPositions: usize,
): void {
  for (; positions < endOfPositions; positions += GROUP) {
    for (let c = 0; c < channels; c += 4) {
      const start = (<usize>max(0, min(c, channels - 4))) << 2;
      const from: usize = bias == 0 ? 0 : bias + start;
      tile(image + start, out + start, filter + start, from, channels << 2, positions, taps, channels);
    }
  }
}

function tile(
  image: usize,
  out: usize,
  filter: usize,
  bias: usize,
  pixel: i32,
  positions: usize,
  taps: usize,
  channels: i32,
): void {
  const i0 = image + load<i32>(positions);
  const i1 = image + load<i32>(positions, 8);
  const i2 = image + load<i32>(positions, 16);
  const i3 = image + load<i32>(positions, 24);
  const i4 = image + load<i32>(positions, 32);
  const i5 = image + load<i32>(positions, 40);
  let s0 = bias == 0 ? f32x4.splat(0) : v128.load(bias);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  const end = taps + load<i32>(positions, 52);
  for (let tap = taps + load<i32>(positions, 48); tap < end; tap += TAP) {
    const at = load<i32>(tap);
    const w = v128.load(filter + load<i32>(tap, 4) * pixel);
    s0 = madd(s0, w, v128.load(i0 + at));
    s1 = madd(s1, w, v128.load(i1 + at));
    s2 = madd(s2, w, v128.load(i2 + at));
    s3 = madd(s3, w, v128.load(i3 + at));
    s4 = madd(s4, w, v128.load(i4 + at));
    s5 = madd(s5, w, v128.load(i5 + at));
  }
  storeLanes(out + load<i32>(positions, 4), s0, channels);
  storeLanes(out + load<i32>(positions, 12), s1, channels);
  storeLanes(out + load<i32>(positions, 20), s2, channels);
  storeLanes(out + load<i32>(positions, 28), s3, channels);
  storeLanes(out + load<i32>(positions, 36), s4, channels);
  storeLanes(out + load<i32>(positions, 44), s5, channels);
}
