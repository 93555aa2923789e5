import type { Schedule } from "./schedule.ts";

export interface ExponentialLrOptions {
  /** What the learning rate is multiplied by in every step. */
  readonly gamma: number;
}

/** Falls by a factor in every step: `torch.optim.lr_scheduler.ExponentialLR`. */
export function exponentialLr(learningRate: number, { gamma }: ExponentialLrOptions): Schedule {
  return (step) => learningRate * gamma ** step;
}
