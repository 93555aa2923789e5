import type { Module, Rng } from "@pellucid/core-train";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";

/** A way to train: an epoch of steps, and the logits of all nodes. */
export interface Method {
  readonly model: Module;
  epoch(step: (loss: () => Tensor) => Promise<unknown>): Promise<void>;
  logits(): Tensor2D;
}

export type Make = (rng: Rng) => Method;

export const [features, hidden, classes] = [1433, 16, 7];
