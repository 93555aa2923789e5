import {
  checkOptions,
  checkRng,
  checkSizes,
  DataError,
  type HostTensor,
  type Rng,
} from "@pellucid/core-train";
import { NeighborIndex, type NeighborIndexOptions } from "./neighbor-index.ts";
import { checkGallery, type Gallery } from "./retrieval-scores.ts";

/** Options for {@link oneShotAccuracy}. */
export interface OneShotOptions extends NeighborIndexOptions {
  /** Random generator for the episodes. */
  readonly rng: Rng;
  /** Classes of an episode. Default: 5. */
  readonly ways?: number;
  /** Examples of each class that are shown; of several, their mean counts. Default: 1. */
  readonly shots?: number;
  /** Default: 1000. */
  readonly episodes?: number;
}

/**
 * How often an example is recognized of which one other example, or a few, was seen: each episode draws classes, examples to show and one query, whose nearest class counts.
 *
 * Lake et al., 2015. https://doi.org/10.1126/science.aab3050
 *
 * @returns the share of episodes that are right; by chance it is `1 / ways`
 * @throws {DataError} If there are too few classes with enough examples.
 * @throws {StructError} for what is not a gallery
 * @throws {OptionError} for a wrong option
 */
export function oneShotAccuracy(gallery: Gallery, options: OneShotOptions): number {
  checkRng("oneShotAccuracy", options);
  checkOptions("oneShotAccuracy", options, ["rng", "metric", "ways", "shots", "episodes"]);
  const { rng, ways = 5, shots = 1, episodes = 1000, ...how } = options;
  checkGallery("oneShotAccuracy", gallery);
  checkSizes("oneShotAccuracy", { ways, shots, episodes });
  const { embeddings, labels } = gallery;
  const features = embeddings.shape[1] ?? 0;
  const members = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++)
    members.set(labels[i] ?? NaN, [...(members.get(labels[i] ?? NaN) ?? []), i]);
  const classes = [...members.values()].filter(({ length }) => length > shots);
  if (classes.length < ways)
    throw new DataError(
      `oneShotAccuracy: ${classes.length} classes have more than ${shots} examples, expected at least ${ways}.`,
    );
  const rowsOf = (indices: readonly number[]): HostTensor<Float32Array> => {
    const mean = new Float32Array(features);
    for (const i of indices)
      for (let f = 0; f < features; f++)
        mean[f] = (mean[f] ?? NaN) + (embeddings.data[i * features + f] ?? NaN) / indices.length;
    return { data: mean, shape: [1, features] };
  };
  let right = 0;
  for (let episode = 0; episode < episodes; episode++) {
    const chosen = [...rng.randperm(classes.length).subarray(0, ways)].map((c) => classes[c] as number[]);
    const index = new NeighborIndex(features, how);
    let query: readonly number[] = [];
    for (const [way, own] of chosen.entries()) {
      const order = [...rng.randperm(own.length)].map((i) => own[i] ?? NaN);
      index.add(rowsOf(order.slice(0, shots)));
      if (way === 0) query = order.slice(shots, shots + 1);
    }
    if (index.search(rowsOf(query), 1)[0]?.[0]?.index === 0) right++;
  }
  return right / episodes;
}
