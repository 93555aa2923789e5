import type { Rng } from "@pellucid/core-train";

/** The squared distance of two points. */
export function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return sum;
}

/**
 * Lloyd's algorithm from k-means++ centers: points move to their nearest center, centers to the mean of their points, until
 * nothing moves or 50 rounds are over.
 *
 * Arthur and Vassilvitskii, 2007. k-means++: the advantages of careful seeding.
 */
export function kMeans(points: readonly Float64Array[], k: number, rng: Rng): Float64Array[] {
  const centers = seeds(points, k, rng);
  const nearest = new Int32Array(points.length).fill(-1);
  for (let round = 0; round < 50; round++) {
    let moved = false;
    for (const [i, point] of points.entries()) {
      let best = 0;
      for (let c = 1; c < k; c++) {
        const [a, b] = [centers[c] as Float64Array, centers[best] as Float64Array];
        if (squaredDistance(point, a) < squaredDistance(point, b)) best = c;
      }
      moved ||= nearest[i] !== best;
      nearest[i] = best;
    }
    if (!moved) break;
    for (const [c, center] of centers.entries()) {
      const own = points.filter((_, i) => nearest[i] === c);
      if (own.length > 0)
        center.forEach((_, j) => (center[j] = own.reduce((sum, p) => sum + (p[j] ?? 0), 0) / own.length));
    }
  }
  return centers;
}

/** The first center is any point; each next one a point drawn in proportion to its squared distance from those so far. */
function seeds(points: readonly Float64Array[], k: number, rng: Rng): Float64Array[] {
  const draw = () => rng.rand([1]).data[0] ?? 0;
  const centers = [Float64Array.from(points[Math.floor(draw() * points.length)] as Float64Array)];
  const distances = points.map((point) => squaredDistance(point, centers[0] as Float64Array));
  while (centers.length < k) {
    let left = draw() * distances.reduce((sum, d) => sum + d, 0);
    const found = distances.findIndex((d) => (left -= d) < 0);
    const center = Float64Array.from(points[found === -1 ? points.length - 1 : found] as Float64Array);
    centers.push(center);
    for (const [i, point] of points.entries())
      distances[i] = Math.min(distances[i] ?? Infinity, squaredDistance(point, center));
  }
  return centers;
}
