// Running sums and products along the middle axis of `[outer, length, inner]`: in 64 bits, as PyTorch has them, and of integers modulo 2³².

/** @param isExclusive whether a number is that of what comes before it, without itself */
export function cumulative(
  isProduct: bool,
  isExclusive: bool,
  isBackward: bool,
  isInt: bool,
  x: usize,
  y: usize,
  outer: i32,
  length: i32,
  inner: i32,
): void {
  const row = inner << 2;
  const size = <usize>(length * row);
  const start: usize = isBackward ? size - <usize>row : 0;
  const step = isBackward ? -row : row;
  for (let o = 0; o < outer; o++, x += size, y += size) {
    let column = 0;
    for (; !isInt && column <= inner - 4; column += 4) {
      const at = start + ((<usize>column) << 2);
      fourColumns(isProduct, isExclusive, x + at, y + at, length, step);
    }
    for (; column < inner; column++) {
      const at = start + ((<usize>column) << 2);
      if (isInt) columnOfIntegers(isProduct, isExclusive, x + at, y + at, length, step);
      else columnOfFloats(isProduct, isExclusive, x + at, y + at, length, step);
    }
  }
}

function fourColumns(isProduct: bool, isExclusive: bool, x: usize, y: usize, length: i32, step: i32): void {
  let low = f64x2.splat(isProduct ? 1 : 0);
  let high = low;
  for (let i = 0; i < length; i++, x += step, y += step) {
    const numbers = v128.load(x);
    const lower = f64x2.promote_low_f32x4(numbers);
    const upper = f64x2.promote_low_f32x4(v128.shuffle<f32>(numbers, numbers, 2, 3, 0, 1));
    if (isExclusive) storeRounded(y, low, high);
    low = isProduct ? f64x2.mul(low, lower) : f64x2.add(low, lower);
    high = isProduct ? f64x2.mul(high, upper) : f64x2.add(high, upper);
    if (!isExclusive) storeRounded(y, low, high);
  }
}

function storeRounded(to: usize, low: v128, high: v128): void {
  const first = f32x4.demote_f64x2_zero(low);
  const last = f32x4.demote_f64x2_zero(high);
  v128.store(to, v128.shuffle<f32>(first, last, 0, 1, 4, 5));
}

function columnOfFloats(
  isProduct: bool,
  isExclusive: bool,
  x: usize,
  y: usize,
  length: i32,
  step: i32,
): void {
  let whole: f64 = isProduct ? 1 : 0;
  for (let i = 0; i < length; i++, x += step, y += step) {
    const number = <f64>load<f32>(x);
    if (isExclusive) store<f32>(y, <f32>whole);
    whole = isProduct ? whole * number : whole + number;
    if (!isExclusive) store<f32>(y, <f32>whole);
  }
}

function columnOfIntegers(
  isProduct: bool,
  isExclusive: bool,
  x: usize,
  y: usize,
  length: i32,
  step: i32,
): void {
  let whole: i32 = isProduct ? 1 : 0;
  for (let i = 0; i < length; i++, x += step, y += step) {
    const number = load<i32>(x);
    if (isExclusive) store<i32>(y, whole);
    whole = isProduct ? whole * number : whole + number;
    if (!isExclusive) store<i32>(y, whole);
  }
}
