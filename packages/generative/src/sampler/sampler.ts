import type { Rng } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Options for {@link Sampler.sample}. */
export interface SampleOptions {
  /** The shape of the result, `[batch, ...]`. */
  readonly shape: readonly number[];
  /** Random generator: of the noise at the start and of each step that adds some. */
  readonly rng: Rng;
  /** The noise to start from, borrowed. Default: standard normal numbers times the noise level at the start, in PyTorch's order. */
  readonly start?: Tensor;
  /** Stops sampling between two steps: the promise that is awaited rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a sampler reports: the noise at step 0, then one event per step. Its tensors are the sampler's, and valid until the next event. */
export interface SampleEvent {
  /** Steps done, from 0. */
  readonly step: number;
  /** Steps altogether. */
  readonly steps: number;
  /** Where `x` is: the noise level, time step or layer, in the sampler's units. */
  readonly time: number;
  /** The samples so far; after the last step the result. `[batch, ...]` */
  readonly x: Tensor;
  /** What the model expects as the result, seen from the previous `x`; `null` at the start and for models without such an estimate. */
  readonly x0: Tensor | null;
}

/**
 * Draws from a generative model step by step: the one contract of diffusion models, flow matching and normalizing flows.
 *
 * ```ts
 * for await (const { step, steps, x0 } of sampler.sample({ shape: [16, 28, 28, 1], rng })) show(step / steps, x0);
 * const images = await drawSamples(sampler, { shape: [16, 28, 28, 1], rng }); // where only the result counts
 * ```
 *
 * Stop iterating to stop sampling, or abort `signal`; either frees everything. It yields to the event loop after each step.
 */
export interface Sampler {
  /** The number of steps. */
  readonly steps: number;
  sample(options: SampleOptions): AsyncGenerator<SampleEvent, void, undefined>;
}

/** A sampler whose model knows the density of its samples. */
export interface ExactSampler extends Sampler {
  /**
   * The logarithm of the density, in nats.
   *
   * @param x `[batch, ...]`
   * @returns `[batch]`
   */
  logProb(x: Tensor): Tensor;
}
