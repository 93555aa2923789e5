import { clone, dispose, keep, type Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import type { Layer } from "../module/layer.ts";
import type { Module } from "../module/module.ts";
import { stateOf } from "../module/state-of.ts";
import { withWeights } from "./with-weights.ts";

/**
 * The weights of one model at several times of one training, as an ensemble. Taken at the end of each cycle
 * of {@link cosineAnnealingWarmRestarts}, where the learning rate is lowest and the model is in another minimum every time.
 *
 * ```ts
 * const snapshots = new Snapshots(model);
 * // after each cycle
 * snapshots.take();
 * // at the end
 * const together = averageEnsemble(snapshots.members);
 * ```
 *
 * Huang et al., 2017. https://arxiv.org/abs/1704.00109
 */
export class Snapshots<In, Out> {
  readonly #model: Module & Layer<In, Out>;
  readonly #taken: ByPath<Tensor>[] = [];

  constructor(model: Module & Layer<In, Out>) {
    this.#model = model;
  }

  /** Keeps a copy of the current weights and buffers. */
  take(): void {
    const state = Object.entries(stateOf(this.#model));
    this.#taken.push(Object.fromEntries(state.map(([path, tensor]) => [path, keep(clone(tensor))])));
  }

  /** The model with the weights of each time, oldest first. They share the model: its weights are replaced while one of them runs. */
  get members(): readonly Layer<In, Out>[] {
    return this.#taken.map((weights) => ({
      forward: (input: In) => withWeights(this.#model, weights, () => this.#model.forward(input)),
    }));
  }

  /** Frees the copies. */
  dispose(): void {
    for (const weights of this.#taken.splice(0)) dispose(weights);
  }
}
