/** How often numbers fall between limits, and what they add up to. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Upper limits, growing. */
  readonly limits: readonly number[];
  /** The number of values below each limit and not below the previous one. */
  readonly counts: readonly number[];
}

/** From ±1e-12 on, each limit is a tenth larger than the previous one, up to ±1e20. */
const edges: readonly number[] = (() => {
  const positive: number[] = [];
  for (let edge = 1e-12; edge < 1e20; edge *= 1.1) positive.push(edge);
  return [...positive.toReversed().map((edge) => -edge), 0, ...positive];
})();

/**
 * Counts numbers as PyTorch's `SummaryWriter.add_histogram` does, from the empty bucket before the first that has any to the
 * last that has. PyTorch fails on numbers that are not finite; here they do not count.
 *
 * @throws {RangeError} where there is no finite number
 */
export function histogram(values: ArrayLike<number>): Histogram {
  const counts = new Array<number>(edges.length - 1).fill(0);
  let [min, max, count, sum, sumOfSquares] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    const bucket = bucketOf(value);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    min = Math.min(min, value);
    max = Math.max(max, value);
    count++;
    sum += value;
    sumOfSquares += value * value;
  }
  if (count === 0)
    throw new RangeError(`histogram: ${values.length} values and none is finite, expected one at least.`);
  const first = counts.findIndex((n) => n > 0);
  const last = counts.findLastIndex((n) => n > 0);
  return {
    min,
    max,
    count,
    sum,
    sumOfSquares,
    limits: edges.slice(first, last + 2),
    counts: [counts[first - 1] ?? 0, ...counts.slice(first, last + 1)],
  };
}

/** The last bucket that begins at or below `value`; the outermost ones take what lies beyond them. */
function bucketOf(value: number): number {
  let [from, to] = [0, edges.length - 1];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if ((edges[middle] ?? Infinity) <= value) from = middle;
    else to = middle;
  }
  return from;
}
