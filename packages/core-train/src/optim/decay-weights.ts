import { mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { type Scheduled, valueAt } from "../schedule/schedule.ts";
import { AddWeightDecay, type PathPredicate } from "./add-weight-decay.ts";
import { mapByPath } from "./map-by-path.ts";
import { unknownParameter } from "./parameter-error.ts";
import type { LearningRateState } from "./scale-by-learning-rate.ts";
import type { Transform } from "./transform.ts";

/**
 * Subtracts `learningRate · weightDecay · θ` from an update, after the learning rate: decoupled weight decay, rounded as
 * PyTorch rounds it. Recognized by `chain`.
 */
export class DecayWeights implements Transform<LearningRateState> {
  readonly learningRate: Scheduled;
  readonly #decay: AddWeightDecay;
  readonly #weightDecay: number;

  constructor(caller: string, learningRate: Scheduled, weightDecay: number, mask?: PathPredicate) {
    this.learningRate = learningRate;
    this.#weightDecay = weightDecay;
    this.#decay = new AddWeightDecay(caller, weightDecay, mask);
  }

  /** The weight decay of a parameter. */
  at(path: string): number {
    return this.#decay.at(path);
  }

  init(): LearningRateState {
    return { step: 0 };
  }

  update(updates: ByPath<Tensor>, { step }: LearningRateState, parameters: ByPath<Tensor>) {
    const next = { step: step + 1 };
    if (this.#weightDecay === 0) return [updates, next] as const;
    const rate = valueAt(this.learningRate, step);
    const moved = mapByPath(updates, (update, path) => {
      const parameter = parameters[path];
      if (parameter === undefined) throw unknownParameter(path, parameters);
      return decayed(update, parameter, rate * this.at(path));
    });
    return [moved, next] as const;
  }
}

/** An update less by a share of the parameter. */
export function decayed(update: Tensor, parameter: Tensor, share: number): Tensor {
  return share === 0 ? update : sub(update, mul(parameter, share));
}
