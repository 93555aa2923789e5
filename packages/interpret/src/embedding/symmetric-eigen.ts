/** Eigenvalues from the largest to the smallest, and their vectors as rows. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** `[size, size]` */
  readonly vectors: Float64Array;
}

/** Of a symmetric matrix `[size, size]`, by Jacobi's rotations: exact to the last bits, for matrices up to about 100. */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  const at = (i: number, j: number) => a[i * size + j] as number;
  for (let sweep = 0; sweep < 60; sweep++) {
    let [off, all] = [0, 0];
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        all += at(i, j) ** 2;
        if (i !== j) off += at(i, j) ** 2;
      }
    if (off <= 1e-28 * all) break;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        if (at(p, q) === 0) continue;
        const theta = (at(q, q) - at(p, p)) / (2 * at(p, q));
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        rotate(a, size, p, q, c, t * c, false);
        rotate(a, size, p, q, c, t * c, true);
        rotate(v, size, p, q, c, t * c, true);
      }
  }
  const order = Array.from({ length: size }, (_, i) => i).toSorted((i, j) => at(j, j) - at(i, i));
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => vectors.set(v.subarray(from * size, (from + 1) * size), to * size));
  return { values: Float64Array.from(order, (i) => at(i, i)), vectors };
}

/** Turns rows (or columns) `p` and `q` of a matrix. */
function rotate(
  m: Float64Array,
  size: number,
  p: number,
  q: number,
  c: number,
  s: number,
  rows: boolean,
): void {
  const [step, along] = rows ? [size, 1] : [1, size];
  for (let k = 0; k < size; k++) {
    const [i, j] = [p * step + k * along, q * step + k * along];
    const [x, y] = [m[i] as number, m[j] as number];
    m[i] = c * x - s * y;
    m[j] = s * x + c * y;
  }
}
