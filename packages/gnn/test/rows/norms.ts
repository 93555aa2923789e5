import type { Rng } from "@pellucid/core-train";
import {
  DiffGroupNorm,
  GraphInstanceNorm,
  GraphLayerNorm,
  GraphNorm,
  GraphSizeNorm,
  MeanSubtractionNorm,
  MessageNorm,
  PairNorm,
} from "@pellucid/gnn";
import { type Tensor, tensor1d } from "@tensorflow/tfjs-core";

/** Rows by the titles of the fixture, without ", one graph". */
export const norms: Readonly<Record<string, (rng: Rng) => unknown>> = {
  GraphNorm: () => new GraphNorm(3),
  GraphSizeNorm: () => new GraphSizeNorm(),
  MeanSubtractionNorm: () => new MeanSubtractionNorm(),
  PairNorm: () => new PairNorm({ scale: 2 }),
  "PairNorm, individually": () => new PairNorm({ scaleIndividually: true }),
  GraphLayerNorm: () => new GraphLayerNorm(3),
  "GraphLayerNorm, plain": () => new GraphLayerNorm(3, { affine: false }),
  GraphInstanceNorm: () => new GraphInstanceNorm(3, { affine: true }),
  "GraphInstanceNorm, tracked": () => new GraphInstanceNorm(3, { trackRunningStats: true }),
  "GraphInstanceNorm, tracked, inference": () => new GraphInstanceNorm(3, { trackRunningStats: true }),
  MessageNorm: () => new MessageNorm(),
  "MessageNorm, learned": () => new MessageNorm({ learnScale: true }),
  DiffGroupNorm: (rng) => new DiffGroupNorm(3, 2, { rng }),
  "DiffGroupNorm, training": (rng) => new DiffGroupNorm(3, 2, { rng, lamda: 0.5 }),
};

/** What the norm of a title takes of a case's inputs: three graphs, or one. */
export function normalized(title: string): (inputs: readonly Tensor[]) => unknown {
  const isOne = title.endsWith(", one graph") || title.startsWith("Diff");
  return ([x, message]) => {
    if (message !== undefined) return { x, message };
    return isOne ? { x } : { x, batch: tensor1d([0, 0, 0, 1, 2, 2, 2], "int32") };
  };
}
