/**
 * Of each of `count` pairs of runs of `bytes` the first where the condition, a byte each, is true, else the second.
 */
export function select(condition: usize, t: usize, e: usize, out: usize, count: i32, bytes: i32): void {
  const end = condition + <usize>count;
  if (bytes == 4) {
    for (const whole = end - 3; condition < whole; condition += 4, t += 16, e += 16, out += 16) {
      const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(condition)));
      const isTrue = i32x4.ne(wide, i32x4.splat(0));
      v128.store(out, v128.bitselect(v128.load(t), v128.load(e), isTrue));
    }
    for (; condition < end; condition++, t += 4, e += 4, out += 4) {
      store<i32>(out, load<i32>(load<u8>(condition) != 0 ? t : e));
    }
    return;
  }
  if (bytes == 1) {
    for (const whole = end - 15; condition < whole; condition += 16, t += 16, e += 16, out += 16) {
      const isTrue = i8x16.ne(v128.load(condition), i8x16.splat(0));
      v128.store(out, v128.bitselect(v128.load(t), v128.load(e), isTrue));
    }
    for (; condition < end; condition++, t++, e++, out++) {
      store<u8>(out, load<u8>(load<u8>(condition) != 0 ? t : e));
    }
    return;
  }
  for (; condition < end; condition++, t += bytes, e += bytes, out += bytes) {
    memory.copy(out, load<u8>(condition) != 0 ? t : e, bytes);
  }
}
