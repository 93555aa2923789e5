import { cast, greater, logicalAnd, sum, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Distance } from "./distance.ts";
import { allPairs, checkBatch, type PairMasks } from "./pairs.ts";
import type { Reducer } from "./reducers.ts";

/**
 * Chooses pairs of a batch.
 *
 * @param distances `[batch, batch]`
 */
export type PairMiner = (distances: Tensor2D, labels: Tensor, distance: Distance) => PairMasks;

/** Options of losses over pairs. */
export interface PairLossOptions {
  /** Between embeddings. */
  readonly distance?: Distance;
  /** Which pairs count. Default: all. */
  readonly miner?: PairMiner;
  /** How the losses become one. */
  readonly reducer?: Reducer;
}

/** Distances and pairs of a batch, for a loss. */
export interface MinedPairs extends PairMasks {
  readonly distances: Tensor2D;
}

/** Computes and mines the pairs of a loss. */
export function minedPairs(
  caller: string,
  embeddings: Tensor,
  labels: Tensor,
  distance: Distance,
  miner: PairMiner | undefined,
): MinedPairs {
  checkBatch(caller, embeddings, labels);
  const distances = distance.matrix(embeddings, embeddings); // [batch, batch]
  const pairs = miner === undefined ? allPairs(labels) : miner(distances, labels, distance);
  return { distances, ...pairs };
}

/** 1 if a batch has both positive and negative pairs, otherwise 0. */
export function hasBoth({ positive, negative }: PairMasks): Tensor {
  return cast(logicalAnd(greater(sum(positive), 0), greater(sum(negative), 0)), "float32");
}
