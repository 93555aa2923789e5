// Ops on pairs of numbers with broadcasting. The caller merges axes that lie in a row, so that what is left is a few axes, each of
// which moves on in both inputs or stands still in one. Along the innermost, four go at a time.

/** What an op is called, in the order of `src/pairwise/wasm.ts`. */
const MAXIMUM = 0;
const GREATER = 2;
const GREATER_EQUAL = 3;
const LESS = 4;
const LESS_EQUAL = 5;
const EQUAL = 6;

/**
 * @param axes how many
 * @param table for each, from the outermost: how many steps it has, and how many bytes one is in `a` and in `b`
 */
export function pairwise(
  op: i32,
  isInt: bool,
  a: usize,
  b: usize,
  out: usize,
  axes: i32,
  table: usize,
): void {
  const count = load<i32>(table);
  const aStep = load<i32>(table, 4);
  const bStep = load<i32>(table, 8);
  const isBool = op >= GREATER;
  if (axes == 1) {
    if (isBool) compare(op, isInt, a, b, out, count, aStep, bStep);
    else extremes(op, a, b, out, count, aStep, bStep);
    return;
  }
  let size: i32 = isBool ? 1 : 4;
  for (let axis = 1; axis < axes; axis++) size *= load<i32>(table + <usize>axis * 12);
  for (let i = 0; i < count; i++, a += aStep, b += bStep, out += size) {
    pairwise(op, isInt, a, b, out, axes - 1, table + 12);
  }
}

/** The larger or the smaller ones; NaN if one is. */
function extremes(op: i32, a: usize, b: usize, out: usize, count: i32, aStep: i32, bStep: i32): void {
  const end = out + ((<usize>count) << 2);
  const whole = out + ((<usize>(count & ~3)) << 2);
  for (; out < whole; out += 16, a += aStep << 2, b += bStep << 2) {
    const x = four(a, aStep);
    const y = four(b, bStep);
    v128.store(out, op == MAXIMUM ? f32x4.max(x, y) : f32x4.min(x, y));
  }
  for (; out < end; out += 4, a += aStep, b += bStep) {
    const x = load<f32>(a);
    const y = load<f32>(b);
    store<f32>(out, op == MAXIMUM ? max<f32>(x, y) : min<f32>(x, y));
  }
}

/** Truth values, a byte each. */
function compare(
  op: i32,
  isInt: bool,
  a: usize,
  b: usize,
  out: usize,
  count: i32,
  aStep: i32,
  bStep: i32,
): void {
  const end = out + <usize>count;
  const whole = out + <usize>(count & ~3);
  const ones = i8x16.splat(1);
  for (; out < whole; out += 4, a += aStep << 2, b += bStep << 2) {
    const x = four(a, aStep);
    const y = four(b, bStep);
    const mask = isInt ? ofInts(op, x, y) : ofFloats(op, x, y);
    const halves = i16x8.narrow_i32x4_s(mask, mask);
    const bytes = v128.and(i8x16.narrow_i16x8_s(halves, halves), ones);
    store<i32>(out, i32x4.extract_lane(bytes, 0));
  }
  for (; out < end; out++, a += aStep, b += bStep) {
    const x = v128.load32_splat(a);
    const y = v128.load32_splat(b);
    const mask = isInt ? ofInts(op, x, y) : ofFloats(op, x, y);
    store<u8>(out, <u8>(i32x4.extract_lane(mask, 0) & 1));
  }
}

/** Four numbers in a row, or one four times. */
function four(from: usize, step: i32): v128 {
  return step == 0 ? v128.load32_splat(from) : v128.load(from);
}

function ofFloats(op: i32, x: v128, y: v128): v128 {
  if (op == GREATER) return f32x4.gt(x, y);
  if (op == GREATER_EQUAL) return f32x4.ge(x, y);
  if (op == LESS) return f32x4.lt(x, y);
  if (op == LESS_EQUAL) return f32x4.le(x, y);
  if (op == EQUAL) return f32x4.eq(x, y);
  return f32x4.ne(x, y);
}

function ofInts(op: i32, x: v128, y: v128): v128 {
  if (op == GREATER) return i32x4.gt_s(x, y);
  if (op == GREATER_EQUAL) return i32x4.ge_s(x, y);
  if (op == LESS) return i32x4.lt_s(x, y);
  if (op == LESS_EQUAL) return i32x4.le_s(x, y);
  if (op == EQUAL) return i32x4.eq(x, y);
  return i32x4.ne(x, y);
}

/** Both, or either, of truth values; they are 0 or 1. */
export function logical(isOr: bool, a: usize, b: usize, out: usize, count: i32): void {
  const end = out + <usize>count;
  const whole = out + <usize>(count & ~15);
  for (; out < whole; out += 16, a += 16, b += 16) {
    const x = v128.load(a);
    const y = v128.load(b);
    v128.store(out, isOr ? v128.or(x, y) : v128.and(x, y));
  }
  for (; out < end; out++, a++, b++) {
    store<u8>(out, isOr ? load<u8>(a) | load<u8>(b) : load<u8>(a) & load<u8>(b));
  }
}

/** Quotients of integers, rounded down, or what remains of the division, with the sign of the divisor; 0 where the divisor is. */
export function divideIntegers(isRest: bool, a: usize, b: usize, out: usize, axes: i32, table: usize): usize {
  const count = load<i32>(table);
  const aStep = load<i32>(table, 4);
  const bStep = load<i32>(table, 8);
  for (let i = 0; i < count; i++, a += aStep, b += bStep) {
    if (axes > 1) {
      out = divideIntegers(isRest, a, b, out, axes - 1, table + 12);
      continue;
    }
    const x = load<i32>(a);
    const y = load<i32>(b);
    // The least integer divided by −1 is itself, as it is in PyTorch; WebAssembly would stop there.
    let result: i32 = y == -1 && !isRest ? 0 - x : 0;
    if (y != 0 && y != -1) {
      const rest = x % y;
      const isBelow = rest != 0 && rest < 0 != y < 0;
      if (isRest) result = isBelow ? rest + y : rest;
      else result = isBelow ? x / y - 1 : x / y;
    }
    store<i32>(out, result);
    out += 4;
  }
  return out;
}

/** Quotients of floats, rounded down, or what remains of the division: in 64 bits, so that none is rounded up to an integer that 24 bits can tell from it. */
export function divideFloats(isRest: bool, a: usize, b: usize, out: usize, axes: i32, table: usize): usize {
  const count = load<i32>(table);
  const aStep = load<i32>(table, 4);
  const bStep = load<i32>(table, 8);
  for (let i = 0; i < count; i++, a += aStep, b += bStep) {
    if (axes > 1) {
      out = divideFloats(isRest, a, b, out, axes - 1, table + 12);
      continue;
    }
    const x = <f64>load<f32>(a);
    const y = <f64>load<f32>(b);
    store<f32>(out, isRest ? restOf(x, y) : floorQuotient(x, y));
    out += 4;
  }
  return out;
}

/** As in PyTorch, an infinite number has no quotient, and one of the other sign divided by infinity is −1. */
function floorQuotient(x: f64, y: f64): f32 {
  if (y == 0) return <f32>(x / y);
  if (abs(x) == Infinity) return NaN;
  if (abs(y) == Infinity) return x != 0 && x < 0 != y < 0 ? -1 : <f32>(x / y);
  return <f32>floor(x / y);
}

/** With the sign of the divisor. */
function restOf(x: f64, y: f64): f32 {
  const rest = x % y;
  return <f32>(rest != 0 && rest < 0 != y < 0 ? rest + y : rest);
}
