/**
 * `sum + a · b`: rounded once where WebAssembly offers it, which takes half the time, else twice. So the last digit may
 * differ between machines, as it does between any two that compute in 32 bits; on one machine it never does.
 */
export function madd(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}
