import type { Schedule } from "./schedule.ts";

/**
 * `learningRate · factors[0](step) · factors[1](step) · …`: `torch.optim.lr_scheduler.ChainedScheduler`. Each factor is a schedule
 * whose own learning rate is 1. PyTorch's numbers differ where a scheduler does not only multiply: `LambdaLR`, and cosine
 * annealing with `eta_min`.
 *
 * ```ts
 * chainedLr(0.1, [linearLr(1), exponentialLr(1, { gamma: 0.9 })]);
 * ```
 */
export function chainedLr(learningRate: number, factors: readonly Schedule[]): Schedule {
  return (step) => factors.reduce((rate, factor) => rate * factor(step), learningRate);
}
