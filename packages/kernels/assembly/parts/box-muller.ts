// Box and Muller's formula in 32 bits, step by step as PyTorch's vector code rounds it: `fillNormal` of the core, in lanes. `rounded(a · b + c)` in
// 64 bits is a fused multiply-add of 32. Eight numbers go through each step together, since a processor waits for one step of one number.

function rounded(doubles: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(doubles));
}

function low(numbers: v128): v128 {
  return f64x2.promote_low_f32x4(numbers);
}

function high(numbers: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(numbers, numbers, 2, 3, 0, 1));
}

/** `a · b + c`, rounded to 32 bits. */
function fused(a: v128, b: v128, c: v128): v128 {
  return rounded(f64x2.add(f64x2.mul(a, b), c));
}

/** Four numbers of two and two. */
function joined(first: v128, second: v128): v128 {
  const a = f32x4.demote_f64x2_zero(first);
  return v128.shuffle<f32>(a, f32x4.demote_f64x2_zero(second), 0, 1, 4, 5);
}

/** Replaces 8 words by `√(−2 ln(1 − u))` of their low 24 bits. */
export function radius(at: usize): void {
  // 1 − u = 2^exponent · (1 + x), √½ ≤ 1 + x < √2
  const m0 = remaining(v128.load(at));
  const m1 = remaining(v128.load(at, 16));
  const half0 = isBelowRoot(m0);
  const half1 = isBelowRoot(m1);
  const exponent0 = exponentOf(m0, half0);
  const exponent1 = exponentOf(m1, half1);
  const x0 = restOf(m0, half0);
  const x1 = restOf(m1, half1);
  const a = low(x0);
  const b = high(x0);
  const c = low(x1);
  const d = high(x1);
  let k = f64x2.splat(<f32>7.0376836292e-2);
  let l = f64x2.splat(<f32>-1.151461031e-1);
  let p = fused(k, a, l);
  let q = fused(k, b, l);
  let r = fused(k, c, l);
  let s = fused(k, d, l);
  l = f64x2.splat(<f32>1.167699874e-1);
  p = fused(p, a, l);
  q = fused(q, b, l);
  r = fused(r, c, l);
  s = fused(s, d, l);
  l = f64x2.splat(<f32>-1.2420140846e-1);
  p = fused(p, a, l);
  q = fused(q, b, l);
  r = fused(r, c, l);
  s = fused(s, d, l);
  l = f64x2.splat(<f32>1.4249322787e-1);
  p = fused(p, a, l);
  q = fused(q, b, l);
  r = fused(r, c, l);
  s = fused(s, d, l);
  l = f64x2.splat(<f32>-1.6668057665e-1);
  p = fused(p, a, l);
  q = fused(q, b, l);
  r = fused(r, c, l);
  s = fused(s, d, l);
  l = f64x2.splat(<f32>2.0000714765e-1);
  p = fused(p, a, l);
  q = fused(q, b, l);
  r = fused(r, c, l);
  s = fused(s, d, l);
  l = f64x2.splat(<f32>-2.4999993993e-1);
  p = fused(p, a, l);
  q = fused(q, b, l);
  r = fused(r, c, l);
  s = fused(s, d, l);
  l = f64x2.splat(<f32>3.3333331174e-1);
  p = fused(p, a, l);
  q = fused(q, b, l);
  r = fused(r, c, l);
  s = fused(s, d, l);
  const xx0 = f32x4.mul(x0, x0);
  const xx1 = f32x4.mul(x1, x1);
  const aa = low(xx0);
  const bb = high(xx0);
  const cc = low(xx1);
  const dd = high(xx1);
  const lowLn2 = f32x4.splat(<f32>-2.1219444e-4);
  const small0 = f32x4.mul(exponent0, lowLn2);
  const small1 = f32x4.mul(exponent1, lowLn2);
  p = fused(rounded(f64x2.mul(p, a)), aa, low(small0));
  q = fused(rounded(f64x2.mul(q, b)), bb, high(small0));
  r = fused(rounded(f64x2.mul(r, c)), cc, low(small1));
  s = fused(rounded(f64x2.mul(s, d)), dd, high(small1));
  const minusHalf = f64x2.splat(-0.5);
  p = fused(minusHalf, aa, p);
  q = fused(minusHalf, bb, q);
  r = fused(minusHalf, cc, r);
  s = fused(minusHalf, dd, s);
  k = f64x2.splat(0.693359375);
  p = f64x2.add(f64x2.mul(low(exponent0), k), rounded(f64x2.add(a, p)));
  q = f64x2.add(f64x2.mul(high(exponent0), k), rounded(f64x2.add(b, q)));
  r = f64x2.add(f64x2.mul(low(exponent1), k), rounded(f64x2.add(c, r)));
  s = f64x2.add(f64x2.mul(high(exponent1), k), rounded(f64x2.add(d, s)));
  const minusTwo = f32x4.splat(-2);
  v128.store(at, f32x4.sqrt(f32x4.mul(minusTwo, joined(p, q))));
  v128.store(at, f32x4.sqrt(f32x4.mul(minusTwo, joined(r, s))), 16);
}

/** `2²⁴ (1 − u)` as a 32-bit number. */
function remaining(words: v128): v128 {
  const u = v128.and(words, i32x4.splat(0xffffff));
  return f32x4.convert_i32x4_s(i32x4.sub(i32x4.splat(0x1000000), u));
}

/** Whether the significand, from ½ to 1, is below √½. */
function isBelowRoot(m: v128): v128 {
  const root = reinterpret<i32>(<f32>Math.SQRT1_2) & 0x7fffff;
  return i32x4.lt_s(v128.and(m, i32x4.splat(0x7fffff)), i32x4.splat(root));
}

function exponentOf(m: v128, half: v128): v128 {
  const exponent = i32x4.sub(i32x4.shr_u(m, 23), i32x4.splat(127 + 23));
  return f32x4.convert_i32x4_s(i32x4.add(exponent, half));
}

/** The significand, doubled where it is below √½, less 1: exact. */
function restOf(m: v128, half: v128): v128 {
  const exponent = i32x4.sub(i32x4.splat(126 << 23), i32x4.shl(half, 23));
  const significand = v128.or(v128.and(m, i32x4.splat(0x7fffff)), exponent);
  return f32x4.sub(significand, f32x4.splat(1));
}

/** Multiplies 8 radii by the cosines, and by the sines, of the 8 angles after them: `2π u` of words. Writes `mean + std ·` both. */
export function circle(at: usize, mean: f64, std: f64): void {
  const angle0 = angleOf(v128.load(at, 32));
  const angle1 = angleOf(v128.load(at, 48));
  const octant0 = octantOf(angle0);
  const octant1 = octantOf(angle1);
  const octants0 = f32x4.convert_i32x4_s(octant0);
  const octants1 = f32x4.convert_i32x4_s(octant1);
  const oa = low(octants0);
  const ob = high(octants0);
  const oc = low(octants1);
  const od = high(octants1);
  let k = f64x2.splat(-0.78515625);
  let a = fused(oa, k, low(angle0));
  let b = fused(ob, k, high(angle0));
  let c = fused(oc, k, low(angle1));
  let d = fused(od, k, high(angle1));
  k = f64x2.splat(<f32>-2.4187564849853516e-4);
  a = fused(oa, k, a);
  b = fused(ob, k, b);
  c = fused(oc, k, c);
  d = fused(od, k, d);
  k = f64x2.splat(<f32>-3.774894977445941e-8);
  a = fused(oa, k, a);
  b = fused(ob, k, b);
  c = fused(oc, k, c);
  d = fused(od, k, d);
  const aa = rounded(f64x2.mul(a, a));
  const bb = rounded(f64x2.mul(b, b));
  const cc = rounded(f64x2.mul(c, c));
  const dd = rounded(f64x2.mul(d, d));

  k = f64x2.splat(<f32>-1.9515295891e-4);
  let l = f64x2.splat(<f32>8.3321608736e-3);
  let p = fused(k, aa, l);
  let q = fused(k, bb, l);
  let r = fused(k, cc, l);
  let s = fused(k, dd, l);
  l = f64x2.splat(<f32>-1.6666654611e-1);
  p = rounded(f64x2.mul(fused(p, aa, l), aa));
  q = rounded(f64x2.mul(fused(q, bb, l), bb));
  r = rounded(f64x2.mul(fused(r, cc, l), cc));
  s = rounded(f64x2.mul(fused(s, dd, l), dd));
  const sin0 = joined(f64x2.add(f64x2.mul(p, a), a), f64x2.add(f64x2.mul(q, b), b));
  const sin1 = joined(f64x2.add(f64x2.mul(r, c), c), f64x2.add(f64x2.mul(s, d), d));

  k = f64x2.splat(<f32>2.443315711809948e-5);
  l = f64x2.splat(<f32>-1.388731625493765e-3);
  p = fused(k, aa, l);
  q = fused(k, bb, l);
  r = fused(k, cc, l);
  s = fused(k, dd, l);
  l = f64x2.splat(<f32>4.166664568298827e-2);
  p = rounded(f64x2.mul(fused(p, aa, l), aa));
  q = rounded(f64x2.mul(fused(q, bb, l), bb));
  r = rounded(f64x2.mul(fused(r, cc, l), cc));
  s = rounded(f64x2.mul(fused(s, dd, l), dd));
  k = f64x2.splat(-0.5);
  p = f64x2.add(f64x2.mul(p, aa), f64x2.mul(k, aa));
  q = f64x2.add(f64x2.mul(q, bb), f64x2.mul(k, bb));
  r = f64x2.add(f64x2.mul(r, cc), f64x2.mul(k, cc));
  s = f64x2.add(f64x2.mul(s, dd), f64x2.mul(k, dd));
  const one = f32x4.splat(1);
  const cos0 = f32x4.add(joined(p, q), one);
  const cos1 = f32x4.add(joined(r, s), one);

  put(at, octant0, cos0, sin0, mean, std);
  put(at + 16, octant1, cos1, sin1, mean, std);
}

function angleOf(words: v128): v128 {
  const u = f32x4.convert_i32x4_s(v128.and(words, i32x4.splat(0xffffff)));
  return f32x4.mul(f32x4.splat(<f32>(2 * Math.PI)), f32x4.mul(u, f32x4.splat(2 ** -24)));
}

/** The nearest even number of eighths of a turn. */
function octantOf(angle: v128): v128 {
  const eighths = i32x4.trunc_sat_f32x4_s(f32x4.mul(angle, f32x4.splat(<f32>(4 / Math.PI))));
  return v128.and(i32x4.add(eighths, i32x4.splat(1)), i32x4.splat(~1));
}

/** Turns by quarters, and scales. */
function put(at: usize, octant: v128, cos: v128, sin: v128, mean: f64, std: f64): void {
  const two = i32x4.splat(2);
  const isQuarter = i32x4.eq(v128.and(octant, two), two);
  const sign = i32x4.shl(v128.and(octant, i32x4.splat(4)), 29);
  const radii = v128.load(at);
  const x = v128.xor(v128.bitselect(f32x4.neg(sin), cos, isQuarter), sign);
  const y = v128.xor(v128.bitselect(cos, sin, isQuarter), sign);
  v128.store(at, scaled(f32x4.mul(radii, x), mean, std));
  v128.store(at, scaled(f32x4.mul(radii, y), mean, std), 32);
}

function scaled(numbers: v128, mean: f64, std: f64): v128 {
  const factor = f64x2.splat(std);
  const shift = f64x2.splat(mean);
  const first = f64x2.add(f64x2.mul(low(numbers), factor), shift);
  return joined(first, f64x2.add(f64x2.mul(high(numbers), factor), shift));
}
