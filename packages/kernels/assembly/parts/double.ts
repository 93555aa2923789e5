import { madd } from "./madd";

/** Two numbers in 64 bits. */
export function loadDoubles(from: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(from));
}

/** The sums of lanes 0 and 2, and of lanes 1 and 3, in 64 bits. */
export function foldToDoubles(numbers: v128): v128 {
  const upper = v128.shuffle<f32>(numbers, numbers, 2, 3, 0, 1);
  return f64x2.add(f64x2.promote_low_f32x4(numbers), f64x2.promote_low_f32x4(upper));
}

/** The sum of two numbers. */
export function sumOfDoubles(numbers: v128): f64 {
  return f64x2.extract_lane(numbers, 0) + f64x2.extract_lane(numbers, 1);
}

/** `Σ x` of a row: of four at a time in 32 bits, and of those in 64. */
export function sumOfRow(x: usize, count: i32): f64 {
  let sums = f64x2.splat(0);
  for (; count >= 16; count -= 16, x += 64) {
    const ab = f32x4.add(v128.load(x), v128.load(x, 16));
    const cd = f32x4.add(v128.load(x, 32), v128.load(x, 48));
    sums = f64x2.add(sums, foldToDoubles(f32x4.add(ab, cd)));
  }
  let sum = sumOfDoubles(sums);
  for (; count >= 4; count -= 4, x += 16) {
    sum += <f64>(load<f32>(x) + load<f32>(x, 4) + (load<f32>(x, 8) + load<f32>(x, 12)));
  }
  for (; count > 0; count--, x += 4) sum += <f64>load<f32>(x);
  return sum;
}

/** `Σ (x − center)²` of a row: of four at a time in 32 bits, and of those in 64. */
export function squaresOfRow(x: usize, count: i32, center: f32): f64 {
  const middle = f32x4.splat(center);
  let squares = f64x2.splat(0);
  for (; count >= 16; count -= 16, x += 64) {
    const a = f32x4.sub(v128.load(x), middle);
    const b = f32x4.sub(v128.load(x, 16), middle);
    const c = f32x4.sub(v128.load(x, 32), middle);
    const d = f32x4.sub(v128.load(x, 48), middle);
    const ab = madd(f32x4.mul(a, a), b, b);
    const cd = madd(f32x4.mul(c, c), d, d);
    squares = f64x2.add(squares, foldToDoubles(f32x4.add(ab, cd)));
  }
  let sum = sumOfDoubles(squares);
  for (; count > 0; count--, x += 4) {
    const apart = <f64>(load<f32>(x) - center);
    sum += apart * apart;
  }
  return sum;
}
