// Sines and cosines of numbers of any size: what is left of the nearest multiple of π/2, in 64 bits, by their series.

/** `sin x` of `count` numbers */
export function sine(x: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i++, x += 4, y += 4) store<f32>(y, sineOf(load<f32>(x), 0));
}

/** `cos x` of `count` numbers */
export function cosine(x: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i++, x += 4, y += 4) store<f32>(y, sineOf(load<f32>(x), 1));
}

/** Below this, `x − n π/2` is right to 24 bits where π/2 is the sum of a number of 25 bits and one of 53. */
const LARGE: f64 = 134217728; // 2²⁷

/** `sin(x + quarters · π/2)` */
function sineOf(x: f32, quarters: i64): f32 {
  const wide = <f64>x;
  const size = abs(wide);
  if (!(size < Infinity)) return NaN;
  if (size < LARGE) {
    const turns = nearest(wide * 0.6366197723675814);
    const rest = turns == 0 ? wide : wide - turns * 1.5707963109016418 - turns * 1.5893254773528196e-8; // −0 stays
    return ofQuarter(rest, <i64>turns + quarters);
  }
  const fraction = quartersOf(reinterpret<u32>(x));
  const turns = (fraction + (1 << 61)) >> 62;
  const rest = <f64>(<i64>(fraction - (turns << 62))) * (1.5707963267948966 / 4611686018427387904.0);
  const sign = x < 0 ? -1 : 1;
  return ofQuarter(<f64>sign * rest, <i64>sign * <i64>turns + quarters);
}

/** `|x| · 2/π` modulo 4, times 2⁶², of a number `m · 2ᵉ` from its bits: `m` times those bits of 2/π that are below 4 when shifted by `e`, at least 2. */
function quartersOf(bits: u32): u64 {
  const m = <u64>((bits & 0x7fffff) | 0x800000);
  const skipped = <i32>((bits >> 23) & 0xff) - 152; // e − 2 bits of 2/π are above
  const word = skipped >> 6;
  const shift = <u64>(skipped & 63);
  const high = twoOverPi(word);
  const middle = twoOverPi(word + 1);
  const low = twoOverPi(word + 2);
  const first = shift == 0 ? high : (high << shift) | (middle >> (64 - shift));
  const next = shift == 0 ? middle : (middle << shift) | (low >> (64 - shift));
  return m * first + ((m * (next >> 32)) >> 32);
}

/** Bits of 2/π behind the point, 64 at a time. */
function twoOverPi(word: i32): u64 {
  if (word == 0) return 0xa2f9836e4e441529;
  if (word == 1) return 0xfc2757d1f534ddc0;
  if (word == 2) return 0xdb6295993c439041;
  return 0xfe5163abdebbc561;
}

/** `sin(rest + turns · π/2)` for `|rest| ≤ π/4` */
function ofQuarter(rest: f64, turns: i64): f32 {
  const square = rest * rest;
  const isCosine = (turns & 1) != 0;
  // The series 1 − s/2! + s²/4! … and 1 − s/3! + s²/5! …
  let series: f64 = 1;
  for (let k: i32 = isCosine ? 13 : 14; k > 0; k -= 2) series = 1 - (series * square) / <f64>(k * (k + 1));
  const value = isCosine ? series : rest * series;
  return <f32>((turns & 2) != 0 ? -value : value);
}
