import { breathe, checkShape, OptionError } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";

/** How far a map can be believed. 1 is perfect. */
export interface EmbeddingQuality {
  /** Near on the map is near in the data. Venna and Kaski, 2006. */
  readonly trustworthiness: number;
  /** Near in the data is near on the map. */
  readonly continuity: number;
  /** The share of the nearest in the data that are among the nearest on the map. */
  readonly neighborhoodRecall: number;
  /** The same for each example: where the map lies. */
  readonly recallOfEach: Float32Array;
}

/**
 * An honesty meter for any projection: `1 − 2 / (n k (2n − 3k − 1)) · Σ_i Σ_j (rank_i(j) − k)`, over those that are among the `k` nearest on one
 * side only. In memory for one row at a time.
 *
 * Venna and Kaski, 2006. https://doi.org/10.1016/j.neunet.2006.05.014
 *
 * @param x `[example, feature]`
 * @param embedding `[example, dimension]`
 */
export async function embeddingQuality(
  x: Tensor2D,
  embedding: Tensor2D,
  { neighbors = 15, signal }: { readonly neighbors?: number; readonly signal?: AbortSignal } = {},
): Promise<EmbeddingQuality> {
  checkShape("embeddingQuality", "embedding", embedding, [x.shape[0], "dimension"]);
  const count = x.shape[0];
  if (!(Number.isInteger(neighbors) && neighbors >= 1 && neighbors < count / 2)) {
    throw new OptionError(
      "embeddingQuality",
      "neighbors",
      neighbors,
      `1 to less than half of the ${count} examples`,
    );
  }
  const [above, below] = await Promise.all([x.data(), embedding.data()]);
  const recallOfEach = new Float32Array(count);
  let [intruding, missing] = [0, 0];
  for (let i = 0; i < count; i++) {
    signal?.throwIfAborted();
    const [ranks, mapRanks] = [ranksFrom(above, count, i), ranksFrom(below, count, i)];
    let shared = 0;
    for (let j = 0; j < count; j++) {
      if (j === i) continue;
      const [rank, mapRank] = [ranks[j] as number, mapRanks[j] as number];
      if (rank <= neighbors && mapRank <= neighbors) shared++;
      else if (mapRank <= neighbors) intruding += rank - neighbors;
      else if (rank <= neighbors) missing += mapRank - neighbors;
    }
    recallOfEach[i] = shared / neighbors;
    await breathe();
  }
  const scale = 2 / (count * neighbors * (2 * count - 3 * neighbors - 1));
  return {
    trustworthiness: 1 - scale * intruding,
    continuity: 1 - scale * missing,
    neighborhoodRecall: recallOfEach.reduce((a, b) => a + b, 0) / count,
    recallOfEach,
  };
}

/** How near each example is to one: 1 is the nearest. */
function ranksFrom(values: ArrayLike<number>, count: number, from: number): Int32Array {
  const features = values.length / count;
  const distances = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    let d = 0;
    for (let f = 0; f < features; f++)
      d += ((values[j * features + f] as number) - (values[from * features + f] as number)) ** 2;
    distances[j] = j === from ? -1 : d;
  }
  const order = Int32Array.from({ length: count }, (_, j) => j).sort(
    (a, b) => (distances[a] as number) - (distances[b] as number),
  );
  const ranks = new Int32Array(count);
  order.forEach((j, rank) => (ranks[j] = rank));
  return ranks;
}
