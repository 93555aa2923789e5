/**
 * The modified Bessel function of the second kind: `K_ν(z) = ∫ exp(−z cosh t) cosh(ν t) dt` from 0 on, by the trapezoidal rule, which converges faster than any power for it.
 *
 * @param z above 0
 */
export function besselK(nu: number, z: number): number {
  const step = 1 / 32;
  let sum = Math.exp(-z) / 2;
  for (let n = 1; n < 4000; n++) {
    const t = n * step;
    const term = Math.exp(-z * Math.cosh(t) + Math.log(Math.cosh(nu * t)));
    sum += term;
    if (term < 1e-17 * sum && z * Math.sinh(t) > Math.abs(nu)) break;
  }
  return step * sum;
}

/** The logarithm of the gamma function, for `x` above 0. Lanczos, 1964, with g = 7 and nine terms. */
export function logGamma(x: number): number {
  const terms = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const shifted = x - 1;
  const t = shifted + 7.5;
  const series = terms.reduce((sum, term, i) => (i === 0 ? term : sum + term / (shifted + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series);
}
