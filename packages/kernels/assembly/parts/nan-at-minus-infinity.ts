let none = f32x4.splat(NaN);
let lowest = f32x4.splat(-Infinity);

/** `y`, or NaN where `x` is −∞: the sigmoid by which it was multiplied never quite becomes 0, which it is there. */
export function nanAtMinusInfinity(x: v128, y: v128): v128 {
  return v128.bitselect(none, y, f32x4.eq(x, lowest));
}

/** See keep-constants.ts. */
export function keepNanAtMinusInfinity(value: v128): void {
  none = value;
  lowest = value;
}
