import { precisionEnvelope } from "./precision-envelope.ts";

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
  const { recall, precision } = precisionEnvelope(right, objects);
  let at = 0;
  const interpolated = recalls.map((wanted) => {
    while (at < recall.length && (recall[at] ?? NaN) < wanted) at++;
    return precision[at] ?? 0;
  });
  return { precision: interpolated, recall: recall.at(-1) ?? 0 };
}
