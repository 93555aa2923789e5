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
  for (let k = 15; k > 0; k -= 2) series = series * square + 1.0 / <f64>k;
  return <f64>n * 0.6931471805599453 + 2 * s * series;
}
