/** The share of a standard normal distribution below `x`, to 1e-12. */
export function normalCdf(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  // Marsaglia, 2004: ½ + φ(x) · (x + x³/3 + x⁵/(3·5) + …)
  let sum = x;
  let term = x;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
