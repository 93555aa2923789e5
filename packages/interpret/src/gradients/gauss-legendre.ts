/** Nodes in [0, 1] and weights, whose sum is the integral of every polynomial of degree `2 count − 1`. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Gauss–Legendre quadrature: the zeros of the Legendre polynomial by Newton's method, `w = 2 / ((1 − z²) P'(z)²)`. */
export function gaussLegendre(count: number): Quadrature {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let z = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let derivative = 0;
    for (let round = 0; round < 100; round++) {
      let [previous, value] = [0, 1];
      for (let n = 1; n <= count; n++) {
        [previous, value] = [value, ((2 * n - 1) * z * value - (n - 1) * previous) / n];
      }
      derivative = (count * (z * value - previous)) / (z * z - 1);
      const change = value / derivative;
      z -= change;
      if (Math.abs(change) < 1e-15) break;
    }
    nodes[i] = (1 - z) / 2;
    weights[i] = 1 / ((1 - z * z) * derivative * derivative);
  }
  return { nodes, weights };
}
