/**
 * `1 − rest / total`, and where the targets do not differ 1 for a perfect prediction, else 0, as scikit-learn has it.
 */
export function explainedSpread(rest: number, total: number): number {
  if (total > 0) return 1 - rest / total;
  return rest === 0 ? 1 : 0;
}
