import { checkOptions, checkShape, OptionError, type Rng } from "@pellucid/core-train";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { checkCount } from "../run/check-count.ts";
import { checkFinite } from "../run/check-finite.ts";
import { jointProbabilities } from "./joint-probabilities.ts";
import { nearestNeighbors } from "./nearest-neighbors.ts";
import { pca } from "./pca.ts";
import { descendByTree } from "./tsne-by-tree.ts";
import { hasRepulsionKernel } from "./repulsion.ts";
import { klOf } from "./tsne-descent.ts";
import { descendOnBackend } from "./tsne-on-backend.ts";

/** How points push each other apart: by a tree, by every pair of them, or by a field over the plane. */
export type TsneRepulsion = "tree" | "exact" | "field";

/** Options for {@link tsne}; defaults are scikit-learn's. */
export interface TsneOptions {
  /** Draws where points start; without it they start at their first principal components. */
  readonly rng?: Rng;
  /** Default: 2. */
  readonly dimensions?: 2 | 3;
  /** About how many neighbours count for each point. Default: 30. */
  readonly perplexity?: number;
  /** Default: 1000. */
  readonly steps?: number;
  /** For the first quarter of the steps, at most 250, neighbours attract this much more. Default: 12. */
  readonly earlyExaggeration?: number;
  /** Default: `max(n / earlyExaggeration / 4, 50)`. */
  readonly learningRate?: number;
  /**
   * `"tree"` in JavaScript; or, on the backend and on a GPU far faster, `"exact"` or, in two dimensions, `"field"`. Default: on WebGPU
   * `"exact"` for up to 10,000 examples or in three dimensions, else `"field"`; on other backends `"tree"`.
   */
  readonly repulsion?: TsneRepulsion;
  /** Of the tree: how small a group must look to count as one point: 0 is exact. Default: 0.5, in three dimensions 0.4. */
  readonly theta?: number;
  readonly signal?: AbortSignal;
  /** After each step, which on a GPU must be read for it. `embedding` is `[example · dimension]`, and keeps changing. */
  readonly onStep?: (step: number, embedding: Float64Array) => void;
}

/** The result of {@link tsne}. */
export interface Tsne {
  /** `[example, dimension]`, the caller's. */
  readonly embedding: Tensor2D;
  /** How much is lost: `Σ p log(p / q)` over neighbours. */
  readonly klDivergence: number;
  /** How points pushed each other apart. */
  readonly repulsion: TsneRepulsion;
}

/**
 * A map on which near examples are near. What is far on it says little: distances between groups, and their sizes, are not those of the data.
 *
 * Gradient descent with momentum and gains on `KL(P ‖ Q)`, with memory `n · perplexity`. Points push each other apart by a tree in time `n log n`, or on
 * WebGPU, where the whole step is taken, by every pair of them or a field in time `n + grid · log grid`.
 *
 * van der Maaten and Hinton, 2008; van der Maaten, 2014, https://arxiv.org/abs/1301.3342; Pezzotti et al., 2018, https://arxiv.org/abs/1805.10817
 *
 * @param x `[example, feature]`; {@link pca} to 50 features first where there are many
 */
export async function tsne(x: Tensor2D, options: TsneOptions = {}): Promise<Tsne> {
  checkOptions("tsne", options, [
    "rng",
    "dimensions",
    "perplexity",
    "steps",
    "earlyExaggeration",
    "learningRate",
    "repulsion",
    "theta",
    "signal",
    "onStep",
  ]);
  checkShape("tsne", "x", x, ["example", "feature"]);
  const { rng, dimensions = 2, perplexity = 30, steps = 1000, earlyExaggeration = 12 } = options;
  const theta = options.theta ?? (dimensions === 2 ? 0.5 : 0.4);
  const { signal, onStep } = options;
  checkCount("tsne", "steps", steps, 0);
  const examples = x.shape[0];
  const repulsion = options.repulsion ?? usualRepulsion(examples, dimensions);
  if (repulsion === "field" && dimensions === 3)
    throw new OptionError("tsne", "repulsion", repulsion, '"exact" or "tree" in three dimensions');
  if (!(perplexity >= 1 && perplexity < examples)) {
    throw new OptionError(
      "tsne",
      "perplexity",
      perplexity,
      `1 to ${examples - 1}, below the number of examples`,
    );
  }
  const learningRate = options.learningRate ?? Math.max(examples / earlyExaggeration / 4, 50);
  const data = Float32Array.from(await x.data());
  checkFinite("tsne", "x", data, x.shape);
  const count = Math.min(examples - 1, Math.floor(3 * perplexity + 1));
  const near = await nearestNeighbors(
    { data, shape: x.shape },
    count,
    signal === undefined ? {} : { signal },
  );
  const p = jointProbabilities(near, perplexity);
  const y =
    rng === undefined
      ? await principalStart(x, dimensions)
      : Float64Array.from(rng.normal([examples, dimensions], 0, 1e-4).data);
  const descent = { p, y, dimensions, steps, earlyExaggeration, learningRate, signal, onStep };
  const z = await (repulsion === "tree"
    ? descendByTree(descent, theta)
    : descendOnBackend(descent, repulsion));
  return {
    embedding: tensor2d(Float32Array.from(y), [examples, dimensions]),
    klDivergence: klOf(p, y, dimensions, z),
    repulsion,
  };
}

/** The most examples for which looking at every pair is no slower than a field, on a GPU of these days. */
const few = 10_000;

function usualRepulsion(examples: number, dimensions: number): TsneRepulsion {
  if (!hasRepulsionKernel()) return "tree";
  return dimensions === 3 || examples <= few ? "exact" : "field";
}

/** The first principal components, with a deviation of 1e-4 along the first. */
async function principalStart(x: Tensor2D, dimensions: number): Promise<Float64Array> {
  if (Math.min(...x.shape) < dimensions) {
    throw new OptionError(
      "tsne",
      "rng",
      undefined,
      "a generator, where there are fewer features than dimensions",
    );
  }
  const { embedding, components, explainedVariance } = await pca(x, dimensions);
  const scale = 1e-4 / (Math.sqrt(explainedVariance[0] as number) || 1);
  const y = Float64Array.from(await embedding.data(), (v) => v * scale);
  embedding.dispose();
  components.dispose();
  return y;
}
