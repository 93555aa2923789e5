/**
 * `eˣ` of one number, as 32 bits round it: `x = n log 2 + r`, eight terms of the series in `r`, in 64 bits, and `n` put into the exponent. That of AssemblyScript has a table, which would lie where tfjs keeps
 * its own.
 */
export function expOfOne(x: f32): f32 {
  if (x != x) return x;
  const within = max<f64>(min<f64>(<f64>x, 200), -200);
  const n = nearest<f64>(within * 1.4426950408889634);
  const r = within - n * 0.6931471805599453;
  let p: f64 = 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return <f32>(p * reinterpret<f64>((1023 + <i64>n) << 52));
}
