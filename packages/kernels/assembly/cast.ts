// From one dtype to another. A bool is a byte.

export function integersToFloats(x: usize, y: usize, count: i32): void {
  const end = x + ((<usize>count) << 2);
  for (const whole = end - 12; x < whole; x += 16, y += 16)
    v128.store(y, f32x4.convert_i32x4_s(v128.load(x)));
  for (; x < end; x += 4, y += 4) store<f32>(y, <f32>load<i32>(x));
}

/** Towards zero, modulo 2³² as JavaScript's integers; what is not a number is 0. */
export function floatsToIntegers(x: usize, y: usize, count: i32): void {
  const end = x + ((<usize>count) << 2);
  for (; x < end; x += 4, y += 4) {
    const value = load<f32>(x);
    store<i32>(y, abs(value) < LARGEST ? <i32>(<i64>value) : 0);
  }
}

/** From here on a float is a multiple of 2³². */
const LARGEST: f32 = 9223372036854775808.0;

export function boolsToFloats(x: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i++, y += 4) store<f32>(y, <f32>load<u8>(x + i));
}

export function boolsToIntegers(x: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i++, y += 4) store<i32>(y, <i32>load<u8>(x + i));
}

/** Whether a number is not 0. */
export function floatsToBools(x: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i++, x += 4) store<u8>(y + i, load<f32>(x) != 0 ? 1 : 0);
}

/** Whether a number is not 0. */
export function integersToBools(x: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i++, x += 4) store<u8>(y + i, load<i32>(x) != 0 ? 1 : 0);
}
