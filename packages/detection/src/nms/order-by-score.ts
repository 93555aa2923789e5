/** The indices of scores from the highest to the lowest, equal ones by index; NaN last. */
export function orderByScore(scores: ArrayLike<number>): Int32Array<ArrayBuffer> {
  const rank = (i: number): number => {
    const score = scores[i] ?? NaN;
    return Number.isNaN(score) ? -Infinity : score;
  };
  return Int32Array.from({ length: scores.length }, (_, i) => i).toSorted((i, j) => {
    const [a, b] = [rank(i), rank(j)];
    return a === b ? i - j : b - a;
  }) as Int32Array<ArrayBuffer>;
}
