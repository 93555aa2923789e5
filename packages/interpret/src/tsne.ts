import { breathe, checkShape, OptionError, type Rng } from "@pellucid/core-train";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { type JointProbabilities, jointProbabilities } from "./joint-probabilities.ts";
import { nearestNeighbors } from "./nearest-neighbors.ts";
import { pca } from "./pca.ts";
import { RepulsionTree } from "./repulsion-tree.ts";

/** How {@link tsne} works; defaults are scikit-learn's. */
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
  /** How small a group must look to count as one point: 0 is exact. Default: 0.5, in three dimensions 0.4. */
  readonly theta?: number;
  readonly signal?: AbortSignal;
  /** After each step. `embedding` is `[example · dimension]`, and goes on changing. */
  readonly onStep?: (step: number, embedding: Float64Array) => void;
}

/** What {@link tsne} found. */
export interface Tsne {
  /** `[example, dimension]`, the caller's. */
  readonly embedding: Tensor2D;
  /** How much is lost: `Σ p log(p / q)` over neighbours. */
  readonly klDivergence: number;
}

/**
 * A map on which near examples are near. What is far on it says little: distances between groups, and their sizes, are not those of the data.
 *
 * Gradient descent with momentum and gains on `KL(P ‖ Q)`, with repulsion by a tree in time `n log n` and memory `n · perplexity`.
 *
 * van der Maaten and Hinton, 2008; van der Maaten, 2014. https://arxiv.org/abs/1301.3342
 *
 * @param x `[example, feature]`; {@link pca} to 50 features first where there are many
 */
export async function tsne(x: Tensor2D, options: TsneOptions = {}): Promise<Tsne> {
  checkShape("tsne", "x", x, ["example", "feature"]);
  const { rng, dimensions = 2, perplexity = 30, steps = 1000, earlyExaggeration = 12 } = options;
  const theta = options.theta ?? (dimensions === 2 ? 0.5 : 0.4);
  const { signal, onStep } = options;
  const examples = x.shape[0];
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
  const tree = new RepulsionTree(examples, dimensions);
  const [slope, speed] = [new Float64Array(y.length), new Float64Array(y.length)];
  const gains = new Float64Array(y.length).fill(1);
  const early = Math.min(250, Math.floor(steps / 4));
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    tsneSlope({ p, y, tree, dimensions, theta, exaggeration: step < early ? earlyExaggeration : 1 }, slope);
    if (step === early) {
      speed.fill(0); // scikit-learn starts its second run without momentum
      gains.fill(1);
    }
    const momentum = step < early ? 0.5 : 0.8;
    for (let i = 0; i < y.length; i++) {
      const [g, v] = [slope[i] as number, speed[i] as number];
      const gain = Math.max(0.01, g * v < 0 ? (gains[i] as number) + 0.2 : (gains[i] as number) * 0.8);
      const next = momentum * v - learningRate * gain * g;
      gains[i] = gain;
      speed[i] = next;
      y[i] = (y[i] as number) + next;
    }
    onStep?.(step, y);
    await breathe();
  }
  return {
    embedding: tensor2d(Float32Array.from(y), [examples, dimensions]),
    klDivergence: klOf(p, y, tree, dimensions, theta),
  };
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

/** What the slope is of. */
export interface TsneState {
  readonly p: JointProbabilities;
  /** `[example · dimension]` */
  readonly y: Float64Array;
  readonly tree: RepulsionTree;
  readonly dimensions: number;
  readonly theta: number;
  /** What neighbours attract more by. */
  readonly exaggeration: number;
}

/** `∂KL / ∂y_i = 4 Σ_j (p_ij − q_ij) (y_i − y_j) / (1 + ‖y_i − y_j‖²)`, into `slope`. */
export function tsneSlope(
  { p, y, tree, dimensions, theta, exaggeration }: TsneState,
  slope: Float64Array,
): void {
  slope.fill(0);
  tree.build(y);
  const factor = -4 / tree.repel(y, slope, theta);
  for (let i = 0; i < slope.length; i++) slope[i] = (slope[i] as number) * factor;
  if (dimensions === 2) attract2d(p, y, slope, 4 * exaggeration);
  else attract3d(p, y, slope, 4 * exaggeration);
}

function attract2d(
  { starts, columns, values }: JointProbabilities,
  y: Float64Array,
  slope: Float64Array,
  factor: number,
): void {
  for (let i = 0; i + 1 < starts.length; i++) {
    const x0 = y[2 * i] as number;
    const x1 = y[2 * i + 1] as number;
    let f0 = 0;
    let f1 = 0;
    const end = starts[i + 1] as number;
    for (let e = starts[i] as number; e < end; e++) {
      const j = 2 * (columns[e] as number);
      const a = x0 - (y[j] as number);
      const b = x1 - (y[j + 1] as number);
      const pull = (values[e] as number) / (1 + a * a + b * b);
      f0 += pull * a;
      f1 += pull * b;
    }
    slope[2 * i] = (slope[2 * i] as number) + factor * f0;
    slope[2 * i + 1] = (slope[2 * i + 1] as number) + factor * f1;
  }
}

function attract3d(
  { starts, columns, values }: JointProbabilities,
  y: Float64Array,
  slope: Float64Array,
  factor: number,
): void {
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      const j = 3 * (columns[e] as number);
      const a = (y[3 * i] as number) - (y[j] as number);
      const b = (y[3 * i + 1] as number) - (y[j + 1] as number);
      const c = (y[3 * i + 2] as number) - (y[j + 2] as number);
      const pull = (factor * (values[e] as number)) / (1 + a * a + b * b + c * c);
      slope[3 * i] = (slope[3 * i] as number) + pull * a;
      slope[3 * i + 1] = (slope[3 * i + 1] as number) + pull * b;
      slope[3 * i + 2] = (slope[3 * i + 2] as number) + pull * c;
    }
  }
}

/** `Σ p log(p / q)`, `q = 1 / (1 + d²) / Z`. */
export function klOf(
  p: JointProbabilities,
  y: Float64Array,
  tree: RepulsionTree,
  dimensions: number,
  theta: number,
): number {
  tree.build(y);
  const z = tree.repel(y, new Float64Array(y.length), theta);
  let sum = 0;
  for (let i = 0; i + 1 < p.starts.length; i++) {
    for (let e = p.starts[i] as number; e < (p.starts[i + 1] as number); e++) {
      let d = 0;
      for (let c = 0; c < dimensions; c++) {
        d +=
          ((y[i * dimensions + c] as number) - (y[(p.columns[e] as number) * dimensions + c] as number)) ** 2;
      }
      const value = p.values[e] as number;
      if (value > 0) sum += value * Math.log(value * (1 + d) * z);
    }
  }
  return sum;
}
