import { checkSizes, DataError } from "@pellucid/core-train";
import { type FeatureRows, type Features, squaredDistance, twoFeatureRows } from "./feature-rows.ts";

/** How many generated examples could be real, and how many real ones could be generated. */
export interface PrecisionRecall {
  /** The share of generated examples within the real ones: quality. */
  readonly precision: number;
  /** The share of real examples within the generated ones: diversity. */
  readonly recall: number;
}

/**
 * Precision and recall of generated examples: an example is within a set if it is no farther from one of its members than that member's
 * `k`-th nearest other member.
 *
 * Kynkäänniemi et al., 2019. https://arxiv.org/abs/1904.06991
 *
 * @throws {DataError} For `k` examples or fewer, or features that differ in number or are not finite.
 */
export async function precisionRecall(real: Features, generated: Features, k = 3): Promise<PrecisionRecall> {
  checkSizes("precisionRecall", { k });
  const [a, b] = await twoFeatureRows("precisionRecall", real, generated, 2);
  const few = Math.min(a.length, b.length);
  if (few <= k)
    throw new DataError(`precisionRecall: there are ${few} examples, expected more than k (${k}).`);
  return { precision: shareWithin(b, a, k), recall: shareWithin(a, b, k) };
}

function shareWithin(rows: FeatureRows, set: FeatureRows, k: number): number {
  const radii = set.map((member, i) => {
    const distances = set.map((other, j) => (i === j ? Infinity : squaredDistance(member, other)));
    return distances.toSorted((x, y) => x - y)[k - 1] ?? NaN;
  });
  const isWithin = (row: Float64Array) =>
    set.some((member, i) => squaredDistance(row, member) <= (radii[i] ?? NaN));
  return rows.filter(isWithin).length / rows.length;
}
