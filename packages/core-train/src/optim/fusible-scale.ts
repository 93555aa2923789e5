import type { Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { type At, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** The neighbors in a chain that a fused rule computes itself, at one parameter and step. */
export interface Neighbors {
  /** The learning rate. */
  readonly rate: number;
  /** The coupled weight decay λ: the rule's gradient is `g + λ θ`. */
  readonly penalty: number;
  /** The decoupled one: the update is less by `rate · decay · θ`. */
  readonly decay: number;
}

/** The mathematics of an optimizer for one parameter, together with its neighbors in a chain. */
export interface FusibleRule<Slot> {
  init(parameter: Tensor): Slot;
  /** @returns the update `−rate · direction − rate · decay · θ` */
  update(
    gradient: Tensor,
    slot: Slot,
    parameter: Tensor,
    at: At & Neighbors,
  ): readonly [update: Tensor, slot: Slot];
}

const alone = { rate: -1, penalty: 0, decay: 0 };

/**
 * A `scaleBy…` that `chain` computes together with the weight decay before it, and the learning rate and decay after it:
 * one kernel in place of several, and PyTorch's rounding. By itself it gives the direction.
 */
export class FusibleScale<Slot> implements Transform<PerParameter<Slot>> {
  readonly #rule: FusibleRule<Slot>;

  constructor(rule: FusibleRule<Slot>) {
    this.#rule = rule;
  }

  init(parameters: ByPath<Tensor>): PerParameter<Slot> {
    return this.with(() => alone).init(parameters);
  }

  update(
    gradients: ByPath<Tensor>,
    state: PerParameter<Slot>,
    parameters: ByPath<Tensor>,
  ): readonly [updates: ByPath<Tensor>, state: PerParameter<Slot>] {
    return this.with(() => alone).update(gradients, state, parameters);
  }

  /** The same with neighbors; of the same state. */
  with(neighbors: (at: At) => Neighbors): Transform<PerParameter<Slot>> {
    const rule = this.#rule;
    return perParameter({
      init: (parameter) => rule.init(parameter),
      update: (gradient, slot, parameter, at) =>
        rule.update(gradient, slot, parameter, { ...at, ...neighbors(at) }),
    });
  }
}
