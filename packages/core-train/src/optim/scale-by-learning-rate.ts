import { mul } from "@tensorflow/tfjs-core";
import { type Scheduled, valueAt } from "../schedule/schedule.ts";
import { checkNotNegative } from "./check-options.ts";
import { mapByPath } from "./map-by-path.ts";
import type { Transform } from "./transform.ts";

/** What {@link scaleByLearningRate} remembers. */
export interface LearningRateState {
  /** How many steps are done. */
  readonly step: number;
}

/** Turns a direction into a descent: times `−learningRate`. The last of a chain. */
export function scaleByLearningRate(learningRate: Scheduled): Transform<LearningRateState> {
  checkNotNegative("scaleByLearningRate", { learningRate });
  return {
    init: () => ({ step: 0 }),
    update(gradients, { step }) {
      const rate = valueAt(learningRate, step);
      return [mapByPath(gradients, (direction) => mul(direction, -rate)), { step: step + 1 }];
    },
  };
}
