import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import type { Schedule } from "./schedule.ts";

/** Options for {@link multiStepLr}. */
export interface MultiStepLrOptions {
  /** The steps at which it falls, in any order; one that is named twice counts twice. */
  readonly milestones: readonly number[];
  /** What the learning rate is multiplied by. Default: 0.1. */
  readonly gamma?: number;
}

/** Falls by a factor at given steps: `torch.optim.lr_scheduler.MultiStepLR`. */
export function multiStepLr(learningRate: number, options: MultiStepLrOptions): Schedule {
  checkOptions("multiStepLr", options, ["milestones", "gamma"]);
  const { milestones, gamma = 0.1 } = options;
  checkFinite("multiStepLr", { learningRate, gamma });
  return (step) => learningRate * gamma ** milestones.filter((milestone) => step >= milestone).length;
}
