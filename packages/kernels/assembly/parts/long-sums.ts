// Sums in 64 bits of what was added up in 32 bits, a block at a time.

/** Adds four numbers to sums. */
export function add4(to: usize, numbers: v128): void {
  const upper = v128.shuffle<f32>(numbers, numbers, 2, 3, 0, 1);
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(numbers)));
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(upper)), 16);
}

/** Adds eight numbers to sums. */
export function add8(to: usize, first: v128, second: v128): void {
  add4(to, first);
  add4(to + 32, second);
}

/** Adds a row of numbers to sums, and sets the numbers to 0. */
export function moveRow(from: usize, to: usize, count: i32): void {
  for (; count >= 4; count -= 4, from += 16, to += 32) {
    add4(to, v128.load(from));
    v128.store(from, f32x4.splat(0));
  }
  for (; count > 0; count--, from += 4, to += 8) {
    store<f64>(to, load<f64>(to) + <f64>load<f32>(from));
    store<f32>(from, 0);
  }
}

/** Rounds a row of sums to 32 bits. */
export function takeRow(sums: usize, to: usize, count: i32): void {
  for (; count > 1; count -= 2, sums += 16, to += 8) {
    store<i64>(to, i64x2.extract_lane(f32x4.demote_f64x2_zero(v128.load(sums)), 0));
  }
  if (count > 0) store<f32>(to, <f32>load<f64>(sums));
}
