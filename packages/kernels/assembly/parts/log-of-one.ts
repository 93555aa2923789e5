/**
 * `log x` of a positive number that is not subnormal, in 64 bits: `x = 2ⁿ m` with `m` near 1, and `log m = 2 artanh s` with `s = (m − 1) / (m + 1)` by its series. That of AssemblyScript has tables, which would
 * lie where tfjs keeps its own.
 */
export function logOfOne(x: f64): f64 {
  if (!(x < Infinity)) return x;
  const bits = reinterpret<i64>(x) - 0x3fe6a09e667f3bcd; // √½
  const n = bits >> 52;
  const m = reinterpret<f64>(reinterpret<i64>(x) - (n << 52));
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let series: f64 = 1.0 / 17;
  series = series * square + 1.0 / 15;
  series = series * square + 1.0 / 13;
  series = series * square + 1.0 / 11;
  series = series * square + 1.0 / 9;
  series = series * square + 1.0 / 7;
  series = series * square + 1.0 / 5;
  series = series * square + 1.0 / 3;
  series = series * square + 1;
  return <f64>n * 0.6931471805599453 + 2 * s * series;
}
