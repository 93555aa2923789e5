/** Precision at given recalls, and the highest recall. */
export interface PrecisionCurve {
  readonly precision: readonly number[];
  readonly recall: number;
}

/**
 * COCO's curve: at each recall the highest precision that is reached with at least it, 0 where it is not reached.
 *
 * @param right whether each detection that counts is right, by falling score
 * @param objects how many there are to find
 */
export function interpolatedPrecision(
  right: readonly boolean[],
  objects: number,
  recalls: readonly number[],
): PrecisionCurve {
  let found = 0;
  const recall = new Float64Array(right.length);
  const precision = new Float64Array(right.length);
  for (const [i, is] of right.entries()) {
    if (is) found++;
    recall[i] = found / objects;
    precision[i] = found / (i + 1);
  }
  for (let i = right.length - 1; i > 0; i--)
    precision[i - 1] = Math.max(precision[i - 1] as number, precision[i] as number);
  let at = 0;
  const interpolated = recalls.map((wanted) => {
    while (at < recall.length && (recall[at] as number) < wanted) at++;
    return precision[at] ?? 0;
  });
  return { precision: interpolated, recall: recall.at(-1) ?? 0 };
}
