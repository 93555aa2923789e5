/** Whether something in a list of numbers is none: 1, else 0. */
export function hasNaN(x: usize, count: i32): i32 {
  let found = i32x4.splat(0);
  for (; count >= 8; count -= 8, x += 32) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    found = v128.or(found, v128.or(f32x4.ne(a, a), f32x4.ne(b, b)));
  }
  if (v128.any_true(found)) return 1;
  for (; count > 0; count--, x += 4) if (isNaN(load<f32>(x))) return 1;
  return 0;
}
