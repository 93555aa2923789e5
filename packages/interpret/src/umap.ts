import { breathe, checkShape, OptionError, type Rng } from "@pellucid/core-train";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { type FuzzyNeighbors, fuzzyNeighbors } from "./fuzzy-neighbors.ts";
import { nearestNeighbors } from "./nearest-neighbors.ts";
import { pca } from "./pca.ts";
import { type UmapCurve, umapCurve } from "./umap-curve.ts";

/** How {@link umap} works; defaults are umap-learn's. */
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
  /** After each step. `embedding` is `[example · dimension]`, and goes on changing. */
  readonly onStep?: (step: number, embedding: Float64Array) => void;
}

/**
 * A map on which those that are near stay near; of larger distances it keeps a little more than t-SNE, and groups come out denser than they are.
 *
 * Each pair of neighbors pulls as often as it is near, each pull comes with a few pushes. Points start at their first principal components, so
 * that only the pushes are drawn by chance; umap-learn starts at eigenvectors of the neighborhoods, or there too with `init="pca"`.
 *
 * McInnes, Healy and Melville, 2018. https://arxiv.org/abs/1802.03426
 *
 * @param x `[example, feature]`; {@link pca} to 50 features first where there are many
 * @returns `[example, dimension]`
 */
export async function umap(x: Tensor2D, options: UmapOptions): Promise<Tensor2D> {
  checkShape("umap", "x", x, ["example", "feature"]);
  const { rng, dimensions = 2, neighbors = 15, minDistance = 0.1, spread = 1 } = options;
  const { learningRate = 1, negatives = 5, signal, onStep } = options;
  const [examples, features] = x.shape;
  const { steps = examples <= 10_000 ? 500 : 200 } = options;
  if (!(Number.isInteger(neighbors) && neighbors >= 2 && neighbors <= examples))
    throw new OptionError("umap", "neighbors", neighbors, `2 to ${examples}, the number of examples`);
  if (!(minDistance >= 0 && minDistance <= spread))
    throw new OptionError("umap", "minDistance", minDistance, `0 to ${spread}, the spread`);
  if (Math.min(examples, features) < dimensions)
    throw new OptionError("umap", "dimensions", dimensions, `at most ${Math.min(examples, features)}`);
  const data = Float32Array.from(await x.data());
  const stop = signal === undefined ? {} : { signal };
  const near = await nearestNeighbors({ data, shape: x.shape }, neighbors - 1, stop);
  const y = await principalStart(x, dimensions);
  const pulls = new Pulls(fuzzyNeighbors(near), steps);
  const curve = umapCurve(spread, minDistance);
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const rate = learningRate * (1 - step / steps);
    pulls.due(step, (i, j) => {
      pull(y, i, j, dimensions, curve, rate);
      for (let n = 0; n < negatives; n++) {
        const other = rng.uint32() % examples;
        if (other !== i) push(y, i, other, dimensions, curve, rate);
      }
    });
    onStep?.(step, y);
    await breathe();
  }
  return tensor2d(Float32Array.from(y), [examples, dimensions]);
}

/** Which pairs pull in which step: the nearest in each, others as much more seldom as they are less near. */
class Pulls {
  readonly #heads: Int32Array;
  readonly #tails: Int32Array;
  readonly #every: Float64Array;
  readonly #next: Float64Array;

  constructor({ heads, tails, weights }: FuzzyNeighbors, steps: number) {
    const most = weights.reduce((a, b) => Math.max(a, b), 0);
    const kept = Int32Array.from(weights.keys()).filter((e) => (weights[e] as number) >= most / steps);
    this.#heads = kept.map((e) => heads[e] as number);
    this.#tails = kept.map((e) => tails[e] as number);
    this.#every = Float64Array.from(kept, (e) => most / (weights[e] as number));
    this.#next = this.#every.slice();
  }

  /** Both ways, as each pair has two ends. */
  due(step: number, each: (i: number, j: number) => void): void {
    const [heads, tails, every, next] = [this.#heads, this.#tails, this.#every, this.#next];
    for (let e = 0; e < heads.length; e++) {
      if ((next[e] as number) > step + 1) continue;
      next[e] = (next[e] as number) + (every[e] as number);
      const [i, j] = [heads[e] as number, tails[e] as number];
      each(i, j);
      each(j, i);
    }
  }
}

/** Moves both along `∂ log w / ∂ y_i = −2ab d^(2(b−1)) / (1 + a d^(2b)) · (y_i − y_j)`, no number by more than 4 times the rate. */
function pull(
  y: Float64Array,
  i: number,
  j: number,
  dimensions: number,
  { a, b }: UmapCurve,
  rate: number,
): void {
  const squared = squaredDistance(y, i, j, dimensions);
  if (squared === 0) return;
  const power = squared ** b;
  const factor = (-2 * a * b * power) / (squared * (1 + a * power));
  for (let c = 0; c < dimensions; c++) {
    const [p, q] = [i * dimensions + c, j * dimensions + c];
    const move = rate * bounded(factor * ((y[p] as number) - (y[q] as number)));
    y[p] = (y[p] as number) + move;
    y[q] = (y[q] as number) - move;
  }
}

/** Moves `i` alone along `∂ log(1 − w) / ∂ y_i = 2b / ((0.001 + d²)(1 + a d^(2b))) · (y_i − y_j)`. */
function push(
  y: Float64Array,
  i: number,
  j: number,
  dimensions: number,
  { a, b }: UmapCurve,
  rate: number,
): void {
  const squared = squaredDistance(y, i, j, dimensions);
  const factor = squared === 0 ? 0 : (2 * b) / ((0.001 + squared) * (1 + a * squared ** b));
  for (let c = 0; c < dimensions; c++) {
    const p = i * dimensions + c;
    const away = squared === 0 ? 4 : bounded(factor * ((y[p] as number) - (y[j * dimensions + c] as number)));
    y[p] = (y[p] as number) + rate * away;
  }
}

const bounded = (move: number) => Math.min(4, Math.max(-4, move));

function squaredDistance(y: Float64Array, i: number, j: number, dimensions: number): number {
  let sum = 0;
  for (let c = 0; c < dimensions; c++)
    sum += ((y[i * dimensions + c] as number) - (y[j * dimensions + c] as number)) ** 2;
  return sum;
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
