import {
  Bilinear,
  CosineSimilarity,
  Embedding,
  EmbeddingBag,
  Flatten,
  Identity,
  Linear,
  PairwiseDistance,
  Unflatten,
} from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayerRow } from "./layer-row.ts";

const pair = ([x1, x2]: readonly Tensor[]) => ({ x1, x2 });

export const linear: readonly LayerRow[] = [
  {
    title: "Linear(5, 3)",
    make: (rng) => new Linear(5, 3, { rng }),
    refuses: [[2, 4], "Linear(5, 3): x is [2, 4], expected [..., 5]."],
  },
  { title: "Linear(5, 3), no bias", make: (rng) => new Linear(5, 3, { rng, bias: false }) },
  {
    title: "Bilinear(3, 4, 2)",
    make: (rng) => new Bilinear(3, 4, 2, { rng }),
    inputOf: pair,
    refuses: [[2, 4], "Bilinear(3, 4, 2): x1 is [2, 4], expected [..., 3]."],
  },
  {
    title: "Bilinear(3, 4, 2), no bias",
    make: (rng) => new Bilinear(3, 4, 2, { rng, bias: false }),
    inputOf: pair,
  },
  { title: "CosineSimilarity", make: () => new CosineSimilarity(), inputOf: pair },
  {
    title: "CosineSimilarity, axis 1, eps 2",
    make: () => new CosineSimilarity({ axis: 1, eps: 2 }),
    inputOf: pair,
    unmeasurable: true,
  },
  { title: "PairwiseDistance", make: () => new PairwiseDistance(), inputOf: pair },
  {
    title: "PairwiseDistance, p 1",
    make: () => new PairwiseDistance({ p: 1, eps: 0.1, keepDims: true }),
    inputOf: pair,
  },
  { title: "Embedding(5, 3)", make: (rng) => new Embedding(5, 3, { rng }) },
  { title: "Embedding(5, 3), padding 1", make: (rng) => new Embedding(5, 3, { rng, paddingIdx: 1 }) },
  { title: "Embedding(5, 3), padding -1", make: (rng) => new Embedding(5, 3, { rng, paddingIdx: -1 }) },
  { title: "Embedding(5, 3), maxNorm 1", make: (rng) => new Embedding(5, 3, { rng, maxNorm: 1 }) },
  {
    title: "Embedding(5, 3), maxNorm 1 in 1",
    make: (rng) => new Embedding(5, 3, { rng, maxNorm: 1, normType: 1 }),
  },
  { title: "EmbeddingBag(5, 3)", make: (rng) => new EmbeddingBag(5, 3, { rng }) },
  {
    title: "EmbeddingBag(5, 3), sum",
    make: (rng) => new EmbeddingBag(5, 3, { rng, mode: "sum", paddingIdx: 1 }),
  },
  {
    title: "EmbeddingBag(5, 3), mean, padding",
    make: (rng) => new EmbeddingBag(5, 3, { rng, paddingIdx: 1 }),
  },
  {
    title: "EmbeddingBag(5, 3), max",
    make: (rng) => new EmbeddingBag(5, 3, { rng, mode: "max", paddingIdx: 1 }),
  },
  { title: "Flatten", make: () => new Flatten() },
  { title: "Flatten, sequences", make: () => new Flatten() },
  {
    title: "Unflatten([3, 2, 4])",
    make: () => new Unflatten([3, 2, 4]),
    refuses: [[2, 23], "Unflatten(3, 2, 4): x is [2, 23], expected [batch, 24]."],
  },
  { title: "Unflatten([3, 4])", make: () => new Unflatten([3, 4]) },
  { title: "Identity", make: () => new Identity() },
];
