import type { Tensor } from "@tensorflow/tfjs-core";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import type { Rng } from "../rng/rng.ts";

/** What all adapters of a model share. */
export interface LoraSettings {
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly useRslora: boolean;
  readonly rng: Rng;
}

/** What is added to the weight of one layer: `scaling · B A`, of low rank. */
export abstract class LoraUpdate extends Module {
  readonly settings: LoraSettings;
  /** Whether the weight of the layer already contains the update. */
  merged = false;

  constructor(settings: LoraSettings) {
    super();
    this.settings = settings;
  }

  /** `α / r`, or `α / √r` with `useRslora`. */
  get scaling(): number {
    const { alpha, rank, useRslora } = this.settings;
    return alpha / (useRslora ? Math.sqrt(rank) : rank);
  }

  /** What the update adds to the output of its layer for the same input. */
  abstract forward(x: Tensor): Tensor;

  /** The two factors, by the names that peft gives them in a file. */
  abstract factors(): Readonly<
    Record<string, { readonly tensor: Parameter; readonly axes: readonly number[] }>
  >;

  /** `scaling · B A` in the layout of the layer's weight. */
  abstract deltaWeight(): Tensor;
}
