import type { Rng } from "@pellucid/core-train";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";

/** A distribution of actions for each observation of a batch. */
export interface Distribution<A extends Tensor = Tensor> {
  /** Draws an action for each observation. */
  sample(rng: Rng): A;
  /** The most probable actions. */
  mode(): A;
  /** The logarithm of the probability, or of its density, of the actions. `[batch]` */
  logProb(actions: A): Tensor1D;
  /** `[batch]` */
  entropy(): Tensor1D;
}
