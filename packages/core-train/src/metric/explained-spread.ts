/**
 * `1 − rest / total`. Where all targets are equal: 1 for a perfect prediction, else 0, as in scikit-learn.
 */
export function explainedSpread(rest: number, total: number): number {
  if (total > 0) return 1 - rest / total;
  return rest === 0 ? 1 : 0;
}
