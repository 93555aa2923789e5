/**
 * The `w` that minimizes `‖A w − B‖² + λ ‖w‖²`, by Cholesky's decomposition of the normal equations in 64 bits.
 *
 * @param a rows `[example, feature]`
 * @param b rows `[example, output]`
 * @returns rows `[feature, output]`
 */
export function leastSquares(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
  lambda = 1e-8,
): Float64Array[] {
  const n = a[0]?.length ?? 0;
  const outputs = b[0]?.length ?? 0;
  const gram = Array.from({ length: n }, (_, i) => new Float64Array(n).fill(0).with(i, lambda));
  const right = Array.from({ length: n }, () => new Float64Array(outputs));
  for (const [e, row] of a.entries()) {
    for (const [i, ai] of row.entries()) {
      const g = gram[i] as Float64Array;
      const r = right[i] as Float64Array;
      for (let j = 0; j <= i; j++) g[j] = (g[j] ?? 0) + ai * (row[j] ?? 0);
      for (const [o, value] of b[e]?.entries() ?? []) r[o] = (r[o] ?? 0) + ai * value;
    }
  }
  for (let i = 0; i < n; i++) {
    const li = gram[i] as Float64Array;
    for (let j = 0; j <= i; j++) {
      const lj = gram[j] as Float64Array;
      let sum = li[j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (li[k] ?? 0) * (lj[k] ?? 0);
      if (i === j && sum <= 0)
        throw new RangeError("leastSquares: the features depend on each other; raise lambda.");
      li[j] = i === j ? Math.sqrt(sum) : sum / (lj[j] ?? 0);
    }
  }
  const at = (i: number, j: number) => gram[i]?.[j] ?? 0;
  for (let o = 0; o < outputs; o++) {
    const w = (i: number) => right[i]?.[o] ?? 0;
    const set = (i: number, value: number) => ((right[i] as Float64Array)[o] = value);
    for (let i = 0; i < n; i++) {
      let sum = w(i);
      for (let k = 0; k < i; k++) sum -= at(i, k) * w(k);
      set(i, sum / at(i, i));
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = w(i);
      for (let k = i + 1; k < n; k++) sum -= at(k, i) * w(k);
      set(i, sum / at(i, i));
    }
  }
  return right;
}
