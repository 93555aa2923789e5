/** How near points are on a map: `1 / (1 + a d^(2b))`. */
export interface UmapCurve {
  readonly a: number;
  readonly b: number;
}

/**
 * The curve of this family that is nearest, in squares at 300 distances up to three times `spread`, to 1 below `minDistance` and
 * `exp(−(d − minDistance) / spread)` beyond: as umap-learn does. By Gauss and Newton, with Levenberg's damping.
 *
 * McInnes, Healy and Melville, 2018, definition 11. https://arxiv.org/abs/1802.03426
 */
export function umapCurve(spread: number, minDistance: number): UmapCurve {
  const distances = Array.from({ length: 300 }, (_, i) => (3 * spread * i) / 299);
  const wanted = distances.map((d) => (d < minDistance ? 1 : Math.exp(-(d - minDistance) / spread)));
  const lossOf = (a: number, b: number) =>
    distances.reduce((sum, d, i) => sum + (1 / (1 + a * d ** (2 * b)) - (wanted[i] as number)) ** 2, 0);
  let [a, b, damping] = [1, 1, 1e-3];
  let loss = lossOf(a, b);
  for (let round = 0; round < 500; round++) {
    let [aa, ab, bb, fa, fb] = [0, 0, 0, 0, 0];
    distances.forEach((d, i) => {
      if (d === 0) return; // the curve is 1 there, whatever a and b are
      const power = d ** (2 * b);
      const near = 1 / (1 + a * power);
      const byA = -near * near * power;
      const byB = byA * a * 2 * Math.log(d);
      const off = near - (wanted[i] as number);
      aa += byA * byA;
      ab += byA * byB;
      bb += byB * byB;
      fa += byA * off;
      fb += byB * off;
    });
    const [one, two] = [aa * (1 + damping), bb * (1 + damping)];
    const determinant = one * two - ab * ab;
    const [nextA, nextB] = [a - (two * fa - ab * fb) / determinant, b - (one * fb - ab * fa) / determinant];
    const next = nextA > 0 && nextB > 0 ? lossOf(nextA, nextB) : Infinity;
    if (next > loss) {
      damping *= 10;
      if (damping > 1e12) break;
      continue;
    }
    const moved = Math.abs(nextA - a) + Math.abs(nextB - b);
    [a, b, loss, damping] = [nextA, nextB, next, damping / 10];
    if (moved < 1e-12) break;
  }
  return { a, b };
}
