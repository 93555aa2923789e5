/** `eˣ − 1` of four numbers of at most 88, precise for small ones too: see {@link exp}. Below −87 it is −1; NaN stays NaN. */
export function expm1(x: v128): v128 {
  const within = f32x4.min(f32x4.max(x, f32x4.splat(-87.0)), f32x4.splat(88.0));
  const n = f32x4.nearest(f32x4.mul(within, f32x4.splat(1.44269504)));
  let r = f32x4.sub(within, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
  let p = f32x4.splat(1.9875691e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.333452e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665796e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666666e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001e-1));
  const near = f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r);
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.add(f32x4.mul(near, power), f32x4.sub(power, f32x4.splat(1)));
}
