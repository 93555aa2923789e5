import { circle, radius } from "./parts/box-muller";
import { fillWords32, skipWords } from "./parts/twister";

/** Continues as if `count` numbers had been drawn. */
export function skipDraws(state: usize, count: i32): void {
  skipWords(state, count);
}

/** Uniform numbers of 24 bits: `from + width · u`. */
export function drawUniform(state: usize, y: usize, count: i32, from: f64, width: f64): void {
  fillWords32(state, y, count);
  const mask = i32x4.splat(0xffffff);
  const scale = f64x2.splat(2 ** -24);
  const start = f64x2.splat(from);
  const factor = f64x2.splat(width);
  for (; count > 0; count -= 4, y += 16) {
    const bits = v128.and(v128.load(y), mask);
    const low = f64x2.mul(f64x2.convert_low_i32x4_s(bits), scale);
    const high = f64x2.mul(f64x2.convert_low_i32x4_s(v128.shuffle<i32>(bits, bits, 2, 3, 0, 1)), scale);
    const first = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(low, factor), start));
    const second = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(high, factor), start));
    v128.store(y, v128.shuffle<f32>(first, second, 0, 1, 4, 5));
  }
}

/** `one` or 0: whether the 53 bits of each two words, 21 of the first above all of the second, are below `high` · 2³² + `low`. `y` has room for the words. */
export function drawBernoulli(state: usize, y: usize, count: i32, high: i32, low: i32, one: f32): void {
  fillWords32(state, y, 2 * count);
  const mask = i32x4.splat(0x1fffff);
  const highs = i32x4.splat(high);
  const lows = i32x4.splat(low);
  const ones = f32x4.splat(one);
  for (let from = y; count > 0; count -= 4, y += 16, from += 32) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const first = v128.and(v128.shuffle<i32>(a, b, 0, 2, 4, 6), mask);
    const second = v128.shuffle<i32>(a, b, 1, 3, 5, 7);
    const isBelow = v128.or(
      i32x4.lt_s(first, highs),
      v128.and(i32x4.eq(first, highs), i32x4.lt_u(second, lows)),
    );
    v128.store(y, v128.and(isBelow, ones));
  }
}

/** Normal numbers in blocks of 16, of as many words: 8 radii and 8 angles give 8 cosines and then 8 sines. `count` is a multiple of 16. */
export function drawNormal(state: usize, y: usize, count: i32, mean: f64, std: f64): void {
  fillWords32(state, y, count);
  for (; count > 0; count -= 16, y += 64) {
    radius(y);
    circle(y, mean, std);
  }
}
