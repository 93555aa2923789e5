import { checkOptions, checkSizes, DataError, ShapeError, type Rng } from "@pellucid/core-train";
import { tensor1d, type Tensor1D, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Action } from "../environments/env.ts";

/** One step, to learn from. */
export interface Experience<A extends Action = Action> {
  readonly observation: ArrayLike<number>;
  readonly action: A;
  readonly reward: number;
  /** What was seen after the step, also where the episode ended; not the first observation of the next one. */
  readonly nextObservation: ArrayLike<number>;
  /** Whether there is no value after the step. A truncated episode is not terminated. */
  readonly terminated: boolean;
}

/** Steps as tensors, which are the caller's to free. */
export interface ExperienceBatch {
  /** `[batch, observation]` */
  readonly observations: Tensor2D;
  /** int32 `[batch, 1]` of numbered actions, else float32 `[batch, action]` */
  readonly actions: Tensor2D;
  /** `[batch]` */
  readonly rewards: Tensor1D;
  /** `[batch, observation]` */
  readonly nextObservations: Tensor2D;
  /** Ones and zeros, `[batch]` */
  readonly terminated: Tensor1D;
}

/** The sizes of a {@link ReplayBuffer}. */
export interface ReplayBufferOptions {
  /** How many of the last steps are kept. */
  readonly capacity: number;
  /** Numbers in an observation. */
  readonly observationSize: number;
  /** Numbers in an action; `null` for numbered actions. */
  readonly actionSize: number | null;
}

/** The last steps, which are sampled uniformly with replacement. Lin, 1992. https://doi.org/10.1007/BF00992699 */
export class ReplayBuffer {
  readonly capacity: number;
  readonly #observations: Float32Array;
  readonly #next: Float32Array;
  readonly #actions: Float32Array | Int32Array;
  readonly #rewards: Float32Array;
  readonly #terminated: Float32Array;
  readonly #observationSize: number;
  readonly #actionSize: number;
  #added = 0;

  constructor(options: ReplayBufferOptions) {
    checkOptions("ReplayBuffer", options, ["capacity", "observationSize", "actionSize"]);
    const { capacity, observationSize, actionSize } = options;
    checkSizes("ReplayBuffer", { capacity, observationSize, ...(actionSize === null ? {} : { actionSize }) });
    this.capacity = capacity;
    this.#observationSize = observationSize;
    this.#actionSize = actionSize ?? 1;
    this.#observations = new Float32Array(capacity * observationSize);
    this.#next = new Float32Array(capacity * observationSize);
    this.#actions = actionSize === null ? new Int32Array(capacity) : new Float32Array(capacity * actionSize);
    this.#rewards = new Float32Array(capacity);
    this.#terminated = new Float32Array(capacity);
  }

  /** How many steps it holds. */
  get length(): number {
    return Math.min(this.#added, this.capacity);
  }

  /**
   * Adds a step, in the stead of the oldest where the buffer is full.
   *
   * @returns the index at which it is kept
   * @throws ShapeError for an observation or action of another size
   * @throws DataError for a reward that is not finite
   */
  add({ observation, action, reward, nextObservation, terminated }: Experience): number {
    const taken = typeof action === "number" ? [action] : action;
    this.#checkLength("observation", observation, this.#observationSize);
    this.#checkLength("nextObservation", nextObservation, this.#observationSize);
    this.#checkLength("action", taken, this.#actionSize);
    if (!Number.isFinite(reward))
      throw new DataError(`ReplayBuffer: the reward is ${reward}, expected a finite number.`);
    const index = this.#added % this.capacity;
    this.#observations.set(observation, index * this.#observationSize);
    this.#next.set(nextObservation, index * this.#observationSize);
    this.#actions.set(taken, index * this.#actionSize);
    this.#rewards[index] = reward;
    this.#terminated[index] = terminated ? 1 : 0;
    this.#added++;
    return index;
  }

  /** Indices of a batch: `rng.randint(0, length, [size])`. */
  sampleIndices(size: number, rng: Rng): Int32Array {
    checkSizes("ReplayBuffer.sample", { size });
    if (this.length === 0) throw new DataError("ReplayBuffer: nothing to sample, the buffer is empty.");
    return rng.randint(0, this.length, [size]).data;
  }

  /** A batch at random. */
  sample(size: number, rng: Rng): ExperienceBatch {
    return this.at(this.sampleIndices(size, rng));
  }

  /** The steps at these indices. */
  at(indices: ArrayLike<number>): ExperienceBatch {
    for (const index of Array.from(indices))
      if (!(Number.isInteger(index) && index >= 0 && index < this.length))
        throw new DataError(
          `ReplayBuffer: the index is ${index}, expected an integer from 0 to ${this.length - 1}.`,
        );
    const rows = (from: Float32Array | Int32Array, width: number) => {
      const chosen = new (from.constructor as new (n: number) => typeof from)(indices.length * width);
      for (let i = 0; i < indices.length; i++) {
        const start = (indices[i] ?? NaN) * width;
        chosen.set(from.subarray(start, start + width), i * width);
      }
      return chosen;
    };
    const matrix = (from: Float32Array | Int32Array, width: number) =>
      tensor2d(rows(from, width), [indices.length, width], from instanceof Int32Array ? "int32" : "float32");
    return {
      observations: matrix(this.#observations, this.#observationSize),
      actions: matrix(this.#actions, this.#actionSize),
      rewards: tensor1d(rows(this.#rewards, 1)),
      nextObservations: matrix(this.#next, this.#observationSize),
      terminated: tensor1d(rows(this.#terminated, 1)),
    };
  }

  #checkLength(name: string, { length }: ArrayLike<number>, expected: number): void {
    if (length === expected) return;
    throw new ShapeError(`ReplayBuffer: the ${name} has ${length} numbers, expected ${expected}.`);
  }
}
