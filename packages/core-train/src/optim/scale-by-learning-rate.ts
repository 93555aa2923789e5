import { mul, type Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import { type Scheduled, valueAt } from "../schedule/schedule.ts";
import { checkScheduled } from "./check-numbers.ts";
import { mapByPath } from "./map-by-path.ts";
import type { Transform } from "./transform.ts";

/** The state of {@link scaleByLearningRate}. */
export interface LearningRateState {
  /** The number of steps taken. */
  readonly step: number;
}

/** Turns a direction into a descent: times `−learningRate`. The last of a chain. */
export function scaleByLearningRate(learningRate: Scheduled): Transform<LearningRateState> {
  return new ScaleByLearningRate("scaleByLearningRate", learningRate);
}

/** {@link scaleByLearningRate}, for `chain` to recognize. */
export class ScaleByLearningRate implements Transform<LearningRateState> {
  readonly learningRate: Scheduled;

  constructor(caller: string, learningRate: Scheduled) {
    checkScheduled(caller, { learningRate });
    this.learningRate = learningRate;
  }

  init(): LearningRateState {
    return { step: 0 };
  }

  update(gradients: ByPath<Tensor>, { step }: LearningRateState) {
    const rate = valueAt(this.learningRate, step);
    return [mapByPath(gradients, (direction) => mul(direction, -rate)), { step: step + 1 }] as const;
  }
}
