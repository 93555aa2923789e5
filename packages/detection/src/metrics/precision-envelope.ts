/** At each detection, by falling score: the share of objects found so far, and the highest precision from there on. */
export interface PrecisionEnvelope {
  readonly recall: Float64Array;
  readonly precision: Float64Array;
}

/**
 * The curve of precision over recall, made to fall only: what COCO and Pascal VOC both interpolate.
 *
 * @param right whether each detection that counts is right, by falling score
 * @param objects how many there are to find
 */
export function precisionEnvelope(right: readonly boolean[], objects: number): PrecisionEnvelope {
  let found = 0;
  const recall = new Float64Array(right.length);
  const precision = new Float64Array(right.length);
  for (const [i, is] of right.entries()) {
    if (is) found++;
    recall[i] = found / objects;
    precision[i] = found / (i + 1);
  }
  for (let i = right.length - 1; i > 0; i--)
    precision[i - 1] = Math.max(precision[i - 1] ?? NaN, precision[i] ?? NaN);
  return { recall, precision };
}
