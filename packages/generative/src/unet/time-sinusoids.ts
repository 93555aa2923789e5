import { Module } from "@pellucid/core-train";
import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { timeEmbedding, type TimeEmbeddingOptions } from "../diffusion/time-embedding.ts";

/** {@link timeEmbedding} as a layer. */
export class TimeSinusoids extends Module {
  readonly features: number;
  readonly options: TimeEmbeddingOptions;

  constructor(features: number, options: TimeEmbeddingOptions = {}) {
    super();
    this.features = features;
    this.options = options;
  }

  /**
   * @param time `[batch]`
   * @returns `[batch, feature]`
   */
  forward(time: Tensor1D): Tensor2D {
    return timeEmbedding(time, this.features, this.options);
  }
}
