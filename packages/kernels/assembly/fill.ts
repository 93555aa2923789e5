/** Writes one number of four bytes, given by its bits, `count` times. */
export function fillWords(to: usize, bits: i32, count: i32): void {
  const end = to + ((<usize>count) << 2);
  const four = i32x4.splat(bits);
  for (const whole = end - 12; to < whole; to += 16) v128.store(to, four);
  for (; to < end; to += 4) store<i32>(to, bits);
}

/** Writes one float `count` times. */
export function fillFloats(to: usize, value: f32, count: i32): void {
  fillWords(to, reinterpret<i32>(value), count);
}

/** Writes one byte `count` times. */
export function fillBytes(to: usize, value: i32, count: i32): void {
  memory.fill(to, <u8>value, count);
}
