/** `y`, or NaN where `x` is −∞: the sigmoid by which it was multiplied never quite becomes 0, which it is there. */
export function nanAtMinusInfinity(x: v128, y: v128): v128 {
  return v128.bitselect(f32x4.splat(NaN), y, f32x4.eq(x, f32x4.splat(-Infinity)));
}
