import { storeLanes } from "./lanes";
import { firstChannel, GROUP, TAP, wide } from "./tables";
import { madd } from "./madd";

// What convolutions and their gradients at the input share: a window of taps slides over an image, and each position of it
// gives one pixel, `out[channel] = bias[channel] + Σ over taps and k of image[position + tap][k] · weight[tap][k][channel]`. It is computed in
// tiles of 6 pixels and 8 channels (4, where fewer are left) that stay in registers: 12 sums and what they are computed from are all that an x64
// processor has. For the tables see tables.ts.

export function slide(
  image: usize,
  out: usize,
  panels: usize,
  allTaps: i32,
  depth: i32,
  channels: i32,
  taps: usize,
  positions: usize,
  endOfPositions: usize,
  bias: usize,
): void {
  const all = (channels + 3) & ~3;
  for (let tile = 0, lanes = 0; tile < all; tile += lanes) {
    lanes = wide(tile, channels);
    const first = (<usize>firstChannel(tile, lanes, channels)) << 2;
    const to = out + first;
    const from: usize = bias == 0 ? 0 : bias + first;
    const panel = panels + ((<usize>(tile * allTaps * depth)) << 2);
    for (let at = positions; at < endOfPositions; at += GROUP) {
      if (lanes == 8) tile8(image, to, panel, at, taps, depth, from);
      else tile4(image, to, panel, at, taps, depth, from, channels);
    }
  }
}

function tile8(
  image: usize,
  out: usize,
  panel: usize,
  positions: usize,
  taps: usize,
  depth: i32,
  bias: usize,
): void {
  const i0 = image + load<i32>(positions);
  const i1 = image + load<i32>(positions, 8);
  const i2 = image + load<i32>(positions, 16);
  const i3 = image + load<i32>(positions, 24);
  const i4 = image + load<i32>(positions, 32);
  const i5 = image + load<i32>(positions, 40);
  let s00 = bias == 0 ? f32x4.splat(0) : v128.load(bias);
  let s01 = bias == 0 ? f32x4.splat(0) : v128.load(bias, 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  let s40 = s00;
  let s41 = s01;
  let s50 = s00;
  let s51 = s01;
  const skipped = load<i32>(positions, 56);
  const count = load<i32>(positions, 60) - skipped;
  const end = taps + load<i32>(positions, 52);
  for (let tap = taps + load<i32>(positions, 48); tap < end; tap += TAP) {
    const at = load<i32>(tap) + (skipped << 2);
    let p0 = i0 + at;
    let p1 = i1 + at;
    let p2 = i2 + at;
    let p3 = i3 + at;
    let p4 = i4 + at;
    let p5 = i5 + at;
    let w = panel + ((load<i32>(tap, 4) * depth + skipped) << 5);
    for (const stop = w + (count << 5); w < stop; w += 32) {
      const w0 = v128.load(w);
      const w1 = v128.load(w, 16);
      let v = v128.load32_splat(p0);
      s00 = madd(s00, v, w0);
      s01 = madd(s01, v, w1);
      v = v128.load32_splat(p1);
      s10 = madd(s10, v, w0);
      s11 = madd(s11, v, w1);
      v = v128.load32_splat(p2);
      s20 = madd(s20, v, w0);
      s21 = madd(s21, v, w1);
      v = v128.load32_splat(p3);
      s30 = madd(s30, v, w0);
      s31 = madd(s31, v, w1);
      v = v128.load32_splat(p4);
      s40 = madd(s40, v, w0);
      s41 = madd(s41, v, w1);
      v = v128.load32_splat(p5);
      s50 = madd(s50, v, w0);
      s51 = madd(s51, v, w1);
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      p4 += 4;
      p5 += 4;
    }
  }
  const o0 = out + load<i32>(positions, 4);
  v128.store(o0, s00);
  v128.store(o0, s01, 16);
  const o1 = out + load<i32>(positions, 12);
  v128.store(o1, s10);
  v128.store(o1, s11, 16);
  const o2 = out + load<i32>(positions, 20);
  v128.store(o2, s20);
  v128.store(o2, s21, 16);
  const o3 = out + load<i32>(positions, 28);
  v128.store(o3, s30);
  v128.store(o3, s31, 16);
  const o4 = out + load<i32>(positions, 36);
  v128.store(o4, s40);
  v128.store(o4, s41, 16);
  const o5 = out + load<i32>(positions, 44);
  v128.store(o5, s50);
  v128.store(o5, s51, 16);
}

function tile4(
  image: usize,
  out: usize,
  panel: usize,
  positions: usize,
  taps: usize,
  depth: i32,
  bias: usize,
  channels: i32,
): void {
  const i0 = image + load<i32>(positions);
  const i1 = image + load<i32>(positions, 8);
  const i2 = image + load<i32>(positions, 16);
  const i3 = image + load<i32>(positions, 24);
  const i4 = image + load<i32>(positions, 32);
  const i5 = image + load<i32>(positions, 40);
  let s00 = bias == 0 ? f32x4.splat(0) : v128.load(bias);
  let s10 = s00;
  let s20 = s00;
  let s30 = s00;
  let s40 = s00;
  let s50 = s00;
  let s01 = f32x4.splat(0);
  let s11 = s01;
  let s21 = s01;
  let s31 = s01;
  let s41 = s01;
  let s51 = s01;
  const skipped = load<i32>(positions, 56);
  const count = load<i32>(positions, 60) - skipped;
  const isOdd = (count & 1) != 0;
  const end = taps + load<i32>(positions, 52);
  for (let tap = taps + load<i32>(positions, 48); tap < end; tap += TAP) {
    const at = load<i32>(tap) + (skipped << 2);
    let p0 = i0 + at;
    let p1 = i1 + at;
    let p2 = i2 + at;
    let p3 = i3 + at;
    let p4 = i4 + at;
    let p5 = i5 + at;
    let w = panel + ((load<i32>(tap, 4) * depth + skipped) << 4);
    for (const stop = w + ((count & ~1) << 4); w < stop; w += 32) {
      const w0 = v128.load(w);
      s00 = madd(s00, w0, v128.load32_splat(p0));
      s10 = madd(s10, w0, v128.load32_splat(p1));
      s20 = madd(s20, w0, v128.load32_splat(p2));
      s30 = madd(s30, w0, v128.load32_splat(p3));
      s40 = madd(s40, w0, v128.load32_splat(p4));
      s50 = madd(s50, w0, v128.load32_splat(p5));
      const w1 = v128.load(w, 16);
      s01 = madd(s01, w1, v128.load32_splat(p0, 4));
      s11 = madd(s11, w1, v128.load32_splat(p1, 4));
      s21 = madd(s21, w1, v128.load32_splat(p2, 4));
      s31 = madd(s31, w1, v128.load32_splat(p3, 4));
      s41 = madd(s41, w1, v128.load32_splat(p4, 4));
      s51 = madd(s51, w1, v128.load32_splat(p5, 4));
      p0 += 8;
      p1 += 8;
      p2 += 8;
      p3 += 8;
      p4 += 8;
      p5 += 8;
    }
    if (isOdd) {
      const w0 = v128.load(w);
      s00 = madd(s00, w0, v128.load32_splat(p0));
      s10 = madd(s10, w0, v128.load32_splat(p1));
      s20 = madd(s20, w0, v128.load32_splat(p2));
      s30 = madd(s30, w0, v128.load32_splat(p3));
      s40 = madd(s40, w0, v128.load32_splat(p4));
      s50 = madd(s50, w0, v128.load32_splat(p5));
    }
  }
  storeLanes(out + load<i32>(positions, 4), f32x4.add(s00, s01), channels);
  storeLanes(out + load<i32>(positions, 12), f32x4.add(s10, s11), channels);
  storeLanes(out + load<i32>(positions, 20), f32x4.add(s20, s21), channels);
  storeLanes(out + load<i32>(positions, 28), f32x4.add(s30, s31), channels);
  storeLanes(out + load<i32>(positions, 36), f32x4.add(s40, s41), channels);
  storeLanes(out + load<i32>(positions, 44), f32x4.add(s50, s51), channels);
}
