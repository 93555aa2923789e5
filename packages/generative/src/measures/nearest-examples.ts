import { checkSizes, DataError } from "@pellucid/core-train";
import { type Features, squaredDistance, twoFeatureRows } from "./feature-rows.ts";

/** The training examples that a sample is closest to. */
export interface NearestExamples {
  /** Rows of the training examples, nearest first. */
  readonly indices: readonly number[];
  /** Their distances. */
  readonly distances: readonly number[];
  /** The smallest distance, divided by that of the nearest example from its own nearest example: far below 1 for a copy. */
  readonly ratio: number;
}

/**
 * Finds the training examples nearest to each sample: whether a model copies is seen there, and nowhere in the other measures.
 *
 * @param samples `[sample, feature]`: pixels, or features of any net
 * @param examples `[example, feature]`, of which the model was trained
 * @throws {DataError} For fewer than `k` or 2 examples, or features that differ in number or are not finite.
 */
export async function nearestExamples(
  samples: Features,
  examples: Features,
  k = 1,
): Promise<NearestExamples[]> {
  checkSizes("nearestExamples", { k });
  const [known, rows] = await twoFeatureRows("nearestExamples", examples, samples, 1);
  if (known.length < Math.max(k, 2))
    throw new DataError(
      `nearestExamples: there are ${known.length} examples, expected ${Math.max(k, 2)} or more.`,
    );
  return rows.map((row) => {
    const distances = known.map((example) => Math.sqrt(squaredDistance(row, example)));
    const order = Array.from(distances.keys()).toSorted(
      (i, j) => (distances[i] ?? NaN) - (distances[j] ?? NaN),
    );
    const indices = order.slice(0, k);
    const first = indices[0] ?? NaN;
    const own = Math.min(
      ...known.map((example, i) =>
        i === first ? Infinity : Math.sqrt(squaredDistance(known[first] as Float64Array, example)),
      ),
    );
    return {
      indices,
      distances: indices.map((i) => distances[i] ?? NaN),
      ratio: (distances[first] ?? NaN) / own,
    };
  });
}
