import { checkOptions, checkShape, OptionError, yieldToEventLoop } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { checkFinite } from "../run/check-finite.ts";

/** How faithful a map is. 1 is perfect. */
export interface EmbeddingQuality {
  /** Near on the map is near in the data. Venna and Kaski, 2006. */
  readonly trustworthiness: number;
  /** Near in the data is near on the map. */
  readonly continuity: number;
  /** The share of the nearest in the data that are among the nearest on the map. */
  readonly neighborhoodRecall: number;
  /** The same for each example: where the map lies. */
  readonly recallOfEach: Float32Array;
  /** How much all distances are distorted, near and far: Kruskal's stress, with the map at its best scale. 0 is perfect. */
  readonly stress: number;
  /** The same for the distances from each example: `√(Σ_j (D_ij − s d_ij)² / Σ_j D_ij²)`. */
  readonly distortionOfEach: Float32Array;
}

/**
 * How faithful a projection is: `1 − 2 / (n k (2n − 3k − 1)) · Σ_i Σ_j (rank_i(j) − k)`, over those that are among the `k` nearest on one
 * side only. In memory for one row at a time.
 *
 * Venna and Kaski, 2006. https://doi.org/10.1016/j.neunet.2006.05.014. Stress: Kruskal, 1964. https://doi.org/10.1007/BF02289565
 *
 * @param x `[example, feature]`
 * @param embedding `[example, dimension]`
 */
export async function embeddingQuality(
  x: Tensor2D,
  embedding: Tensor2D,
  options: { readonly neighbors?: number; readonly signal?: AbortSignal } = {},
): Promise<EmbeddingQuality> {
  checkOptions("embeddingQuality", options, ["neighbors", "signal"]);
  const { neighbors = 15, signal } = options;
  checkShape("embeddingQuality", "x", x, ["example", "feature"]);
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
  checkFinite("embeddingQuality", "x", above, x.shape);
  checkFinite("embeddingQuality", "embedding", below, embedding.shape);
  const recallOfEach = new Float32Array(count);
  const sums = new Distances(count);
  let [intruding, missing] = [0, 0];
  for (let i = 0; i < count; i++) {
    signal?.throwIfAborted();
    const [far, mapFar] = [squaredFrom(above, count, i), squaredFrom(below, count, i)];
    sums.add(i, far, mapFar);
    const [ranks, mapRanks] = [ranksOf(far), ranksOf(mapFar)];
    let shared = 0;
    for (let j = 0; j < count; j++) {
      if (j === i) continue;
      const [rank, mapRank] = [ranks[j] as number, mapRanks[j] as number];
      if (rank <= neighbors && mapRank <= neighbors) shared++;
      else if (mapRank <= neighbors) intruding += rank - neighbors;
      else if (rank <= neighbors) missing += mapRank - neighbors;
    }
    recallOfEach[i] = shared / neighbors;
    await yieldToEventLoop();
  }
  const scale = 2 / (count * neighbors * (2 * count - 3 * neighbors - 1));
  return {
    trustworthiness: 1 - scale * intruding,
    continuity: 1 - scale * missing,
    neighborhoodRecall: recallOfEach.reduce((a, b) => a + b, 0) / count,
    recallOfEach,
    ...sums.bent(),
  };
}

/** What the distances in the data and on the map add up to, for each example. */
class Distances {
  readonly #squares: Float64Array;
  readonly #products: Float64Array;
  readonly #mapSquares: Float64Array;

  constructor(count: number) {
    this.#squares = new Float64Array(count);
    this.#products = new Float64Array(count);
    this.#mapSquares = new Float64Array(count);
  }

  add(i: number, squared: Float64Array, mapSquared: Float64Array): void {
    let [squares, products, mapSquares] = [0, 0, 0];
    for (let j = 0; j < squared.length; j++) {
      if (j === i) continue;
      const [d, m] = [squared[j] as number, mapSquared[j] as number];
      squares += d;
      mapSquares += m;
      products += Math.sqrt(d * m);
    }
    this.#squares[i] = squares;
    this.#products[i] = products;
    this.#mapSquares[i] = mapSquares;
  }

  bent(): Pick<EmbeddingQuality, "stress" | "distortionOfEach"> {
    const total = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    const [all, products, mapAll] = [total(this.#squares), total(this.#products), total(this.#mapSquares)];
    const scale = products / (mapAll || 1);
    const of = (squares: number, product: number, mapSquares: number) =>
      Math.sqrt(Math.max(0, squares - 2 * scale * product + scale * scale * mapSquares) / (squares || 1));
    return {
      stress: of(all, products, mapAll),
      distortionOfEach: Float32Array.from(this.#squares, (squares, i) =>
        of(squares, this.#products[i] as number, this.#mapSquares[i] as number),
      ),
    };
  }
}

/** Squared distances from one example. */
function squaredFrom(values: ArrayLike<number>, count: number, from: number): Float64Array {
  const features = values.length / count;
  const distances = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    let d = 0;
    for (let f = 0; f < features; f++)
      d += ((values[j * features + f] as number) - (values[from * features + f] as number)) ** 2;
    distances[j] = j === from ? -1 : d; // itself comes first, before its copies
  }
  return distances;
}

/** How near each example is: 1 is the nearest. */
function ranksOf(distances: Float64Array): Int32Array {
  const order = Int32Array.from(distances.keys()).sort(
    (a, b) => (distances[a] as number) - (distances[b] as number),
  );
  const ranks = new Int32Array(distances.length);
  order.forEach((j, rank) => (ranks[j] = rank));
  return ranks;
}
