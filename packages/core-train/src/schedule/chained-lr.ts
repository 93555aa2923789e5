import type { Schedule } from "./schedule.ts";

/**
 * The learning rate times all of the factors: `torch.optim.lr_scheduler.ChainedScheduler`.
 *
 * ```ts
 * chainedLr(0.1, [linearLr(1), exponentialLr(1, { gamma: 0.9 })]);
 * ```
 */
export function chainedLr(learningRate: number, factors: readonly Schedule[]): Schedule {
  return (step) => factors.reduce((rate, factor) => rate * factor(step), learningRate);
}
