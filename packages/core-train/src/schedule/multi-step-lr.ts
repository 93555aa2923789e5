import type { Schedule } from "./schedule.ts";

export interface MultiStepLrOptions {
  /** The steps at which it falls, in any order; one that is named twice counts twice. */
  readonly milestones: readonly number[];
  /** What the learning rate is multiplied by. Default: 0.1. */
  readonly gamma?: number;
}

/** Falls by a factor at given steps: `torch.optim.lr_scheduler.MultiStepLR`. */
export function multiStepLr(learningRate: number, options: MultiStepLrOptions): Schedule {
  const { milestones, gamma = 0.1 } = options;
  return (step) => learningRate * gamma ** milestones.filter((milestone) => step >= milestone).length;
}
