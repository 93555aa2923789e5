import { type Gallery, checkGallery } from "./retrieval-scores.ts";
import { NeighborIndex, type NeighborIndexOptions } from "./neighbor-index.ts";

/** Scores of all pairs, for {@link verification}. */
export interface PairScores {
  /** Negative distances. */
  readonly scores: Float64Array;
  readonly same: Uint8Array;
}

/**
 * The negative distance of each pair of different rows, and whether they are of one class.
 *
 * @throws {StructError} for what is not a gallery
 * @throws {DataError} unless there is a label for each embedding
 */
export function allPairScores(gallery: Gallery, options: NeighborIndexOptions = {}): PairScores {
  checkGallery("allPairScores", gallery);
  const { embeddings, labels } = gallery;
  const index = new NeighborIndex(embeddings.shape[1] ?? 0, options);
  index.add(embeddings);
  const scores: number[] = [];
  const same: number[] = [];
  for (const [i, neighbors] of index.search(embeddings, Math.max(1, index.length)).entries())
    for (const neighbor of neighbors) {
      if (neighbor.index <= i) continue;
      scores.push(-neighbor.distance);
      same.push(Number(labels[i] === labels[neighbor.index]));
    }
  return { scores: Float64Array.from(scores), same: Uint8Array.from(same) };
}
