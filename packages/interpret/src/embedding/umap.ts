import {
  checkOptions,
  checkRng,
  checkShape,
  OptionError,
  type Rng,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { checkCount } from "../run/check-count.ts";
import { checkFinite } from "../run/check-finite.ts";
import { fuzzyNeighbors } from "./fuzzy-neighbors.ts";
import { nearestNeighbors } from "./nearest-neighbors.ts";
import { pca } from "./pca.ts";
import { umapCurve } from "./umap-curve.ts";
import { UmapDescent } from "./umap-descent.ts";

/** Options for {@link umap}; defaults are umap-learn's. */
export interface UmapOptions {
  /** Draws whom each point is pushed away from. */
  readonly rng: Rng;
  /** Default: 2. */
  readonly dimensions?: 2 | 3;
  /** How many are near each example, itself among them. Default: 15. */
  readonly neighbors?: number;
  /** How close points may come on the map. Default: 0.1. */
  readonly minDistance?: number;
  /** How far groups are spread. Default: 1. */
  readonly spread?: number;
  /** Default: 500 for up to 10,000 examples, else 200. */
  readonly steps?: number;
  /** It falls to 0. Default: 1. */
  readonly learningRate?: number;
  /** How many points each pull is paid for with a push. Default: 5. */
  readonly negatives?: number;
  readonly signal?: AbortSignal;
  /** After each step. `embedding` is `[example · dimension]`, and keeps changing. */
  readonly onStep?: (step: number, embedding: Float64Array) => void;
}

/**
 * A map on which those that are near stay near; of larger distances it keeps a little more than t-SNE, and groups come out denser than they are.
 *
 * Each pair of neighbors pulls as often as it is near, each pull comes with a few pushes. Points start at their first principal components, so
 * that only the pushes are random; umap-learn starts at eigenvectors of the neighborhoods, or there too with `init="pca"`.
 *
 * McInnes, Healy and Melville, 2018. https://arxiv.org/abs/1802.03426
 *
 * @param x `[example, feature]`; {@link pca} to 50 features first where there are many
 * @returns `[example, dimension]`
 */
export async function umap(x: Tensor2D, options: UmapOptions): Promise<Tensor2D> {
  checkRng("umap", options);
  checkOptions("umap", options, [
    "rng",
    "dimensions",
    "neighbors",
    "minDistance",
    "spread",
    "steps",
    "learningRate",
    "negatives",
    "signal",
    "onStep",
  ]);
  checkShape("umap", "x", x, ["example", "feature"]);
  const { rng, dimensions = 2, neighbors = 15, minDistance = 0.1, spread = 1 } = options;
  const { learningRate = 1, negatives = 5, signal, onStep } = options;
  const [examples, features] = x.shape;
  const { steps = examples <= 10_000 ? 500 : 200 } = options;
  checkCount("umap", "steps", steps, 0);
  checkCount("umap", "negatives", negatives, 0);
  if (!(Number.isInteger(neighbors) && neighbors >= 2 && neighbors <= examples))
    throw new OptionError("umap", "neighbors", neighbors, `2 to ${examples}, the number of examples`);
  if (!(minDistance >= 0 && minDistance <= spread))
    throw new OptionError("umap", "minDistance", minDistance, `0 to ${spread}, the spread`);
  if (Math.min(examples, features) < dimensions)
    throw new OptionError("umap", "dimensions", dimensions, `at most ${Math.min(examples, features)}`);
  const data = Float32Array.from(await x.data());
  checkFinite("umap", "x", data, x.shape);
  const stop = signal === undefined ? {} : { signal };
  const near = await nearestNeighbors({ data, shape: x.shape }, neighbors - 1, stop);
  const y = await principalStart(x, dimensions);
  const how = { rng, dimensions, curve: umapCurve(spread, minDistance), steps, learningRate, negatives };
  const descent = new UmapDescent(y, fuzzyNeighbors(near), how);
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    descent.step(step);
    onStep?.(step, y);
    await yieldToEventLoop();
  }
  return tensor2d(Float32Array.from(y), [examples, dimensions]);
}

/** The first principal components, the largest number 10. */
async function principalStart(x: Tensor2D, dimensions: number): Promise<Float64Array> {
  const { embedding, components } = await pca(x, dimensions);
  const y = Float64Array.from(await embedding.data());
  embedding.dispose();
  components.dispose();
  const largest = y.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  return y.map((v) => (10 * v) / largest);
}
