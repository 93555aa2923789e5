import {
  checkChoice,
  checkNotNegative,
  checkOptions,
  checkPositive,
  checkProbabilities,
  checkSizes,
  DataError,
  type Rng,
  ShapeError,
} from "@pellucid/core-train";
import type { Experience, ExperienceBatch, ReplayBufferOptions } from "./replay-buffer.ts";
import { ReplayBuffer } from "./replay-buffer.ts";
import { SegmentTree } from "./segment-tree.ts";

/** Options for {@link PrioritizedReplayBuffer}. */
export interface PrioritizedReplayBufferOptions extends ReplayBufferOptions {
  /** How much priorities count: 0 is uniform. Default: 0.6. */
  readonly alpha?: number;
  /** What is added to the size of each error. Default: 1e-6. */
  readonly eps?: number;
}

/** Which largest weight the weights are divided by. */
export interface WeightOptions {
  /** How much of the bias is undone: 1 is all of it. Default: 0.4. */
  readonly beta?: number;
  /** Divide by the largest weight of the whole buffer, or of the batch. Default: `"buffer"`. */
  readonly relativeTo?: "buffer" | "batch";
}

/**
 * The last steps, sampled with a probability of `pᵢ^α / Σ p^α`, where the priority `pᵢ = |δᵢ| + ε` is the size of the last temporal-difference error. A new step enters with the largest priority so far.
 *
 * Schaul et al., 2015. https://arxiv.org/abs/1511.05952
 */
export class PrioritizedReplayBuffer {
  readonly steps: ReplayBuffer;
  readonly #alpha: number;
  readonly #eps: number;
  readonly #sums: SegmentTree;
  readonly #least: SegmentTree;
  readonly #priorities: Float64Array;

  constructor(options: PrioritizedReplayBufferOptions) {
    checkOptions("PrioritizedReplayBuffer", options, [
      "capacity",
      "observationSize",
      "actionSize",
      "alpha",
      "eps",
    ]);
    const { alpha = 0.6, eps = 1e-6, ...sizes } = options;
    checkNotNegative("PrioritizedReplayBuffer", { alpha });
    checkPositive("PrioritizedReplayBuffer", { eps });
    this.steps = new ReplayBuffer(sizes);
    this.#alpha = alpha;
    this.#eps = eps;
    this.#sums = new SegmentTree(sizes.capacity, 0, (a, b) => a + b);
    this.#least = new SegmentTree(sizes.capacity, Infinity, Math.min);
    this.#priorities = new Float64Array(sizes.capacity);
  }

  get length(): number {
    return this.steps.length;
  }

  /** The priority of each step. */
  get priorities(): Float64Array {
    return this.#priorities.slice(0, this.length);
  }

  /** Adds a step with the largest priority that is there, or 1. */
  add(experience: Experience): number {
    const largest = this.length === 0 ? 1 : this.priorities.reduce((a, b) => Math.max(a, b));
    const index = this.steps.add(experience);
    this.setPriority(index, largest);
    return index;
  }

  /** @throws DataError for an index that there is not, or a priority that is not above 0 */
  setPriority(index: number, priority: number): void {
    if (!(Number.isInteger(index) && index >= 0 && index < this.length))
      throw new DataError(
        `PrioritizedReplayBuffer: the index is ${index}, expected an integer from 0 to ${this.length - 1}.`,
      );
    if (!(priority > 0 && priority < Infinity))
      throw new DataError(`PrioritizedReplayBuffer: the priority is ${priority}, expected a number above 0.`);
    this.#priorities[index] = priority;
    const weight = priority ** this.#alpha;
    this.#sums.set(index, weight);
    this.#least.set(index, weight);
  }

  /** Sets the priorities of steps to the sizes of their errors. */
  update(indices: ArrayLike<number>, errors: ArrayLike<number>): void {
    if (indices.length !== errors.length)
      throw new ShapeError(`PrioritizedReplayBuffer: ${errors.length} errors for ${indices.length} indices.`);
    for (let i = 0; i < indices.length; i++)
      this.setPriority(indices[i] ?? NaN, Math.abs(errors[i] ?? NaN) + this.#eps);
  }

  /** The probability of each step. */
  probabilities(): Float64Array {
    return Float64Array.from({ length: this.length }, (_, i) => this.#sums.get(i) / this.#sums.total);
  }

  /** `(N P(i))^−β`, divided by the largest, which is that of the least probable step. */
  weights(indices: ArrayLike<number>, options: WeightOptions = {}): Float32Array {
    checkOptions("PrioritizedReplayBuffer.weights", options, ["beta", "relativeTo"]);
    const { beta = 0.4, relativeTo = "buffer" } = options;
    checkProbabilities("PrioritizedReplayBuffer.weights", { beta });
    checkChoice("PrioritizedReplayBuffer.weights", "relativeTo", relativeTo, ["buffer", "batch"]);
    const chosen = Array.from(indices, (index) => this.#sums.get(index));
    const least = relativeTo === "buffer" ? this.#least.total : Math.min(...chosen);
    return Float32Array.from(chosen, (weight) => (weight / least) ** -beta);
  }

  /** A batch: one step from each of `size` equal parts of the sum of all `p^α`. */
  sample(
    size: number,
    rng: Rng,
    options?: WeightOptions,
  ): ExperienceBatch & { readonly indices: Int32Array; readonly weights: Float32Array } {
    checkSizes("PrioritizedReplayBuffer.sample", { size });
    if (this.length === 0)
      throw new DataError("PrioritizedReplayBuffer: nothing to sample, the buffer is empty.");
    const drawn = rng.rand([size]).data;
    const indices = Int32Array.from(drawn, (u, i) =>
      Math.min(this.#sums.find(((i + u) / size) * this.#sums.total), this.length - 1),
    );
    return { ...this.steps.at(indices), indices, weights: this.weights(indices, options) };
  }
}
