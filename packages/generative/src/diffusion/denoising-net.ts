import type { Layer, Module } from "@pellucid/core-train";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

/** What a denoising network gets, with whatever it is conditioned on. */
export interface NoisyInput {
  /** `[batch, ...]` */
  readonly x: Tensor;
  /** The time step of each example, `[batch]`. */
  readonly time: Tensor1D;
}

/** What a denoising network is conditioned on: `{ classes }`, `{ frames, actions }`, by any names. */
export type Condition = Readonly<Record<string, Tensor>>;

/**
 * A network that a `GaussianDiffusion` trains: `forward({ x, time, ...condition })` has the shape of `x`, with twice the channels where it learns the
 * variance. TypeScript does not compare its input with the condition.
 */
export type DenoisingNet = Module & Layer<never, Tensor>;
