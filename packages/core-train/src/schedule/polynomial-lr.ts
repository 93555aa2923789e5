import type { Schedule } from "./schedule.ts";

export interface PolynomialLrOptions {
  /** How many steps it takes to zero. Default: 5. */
  readonly totalIters?: number;
  /** The power of what is left. Default: 1. */
  readonly power?: number;
}

/** Falls to zero as a power of the steps that are left: `torch.optim.lr_scheduler.PolynomialLR`. */
export function polynomialLr(learningRate: number, options: PolynomialLrOptions = {}): Schedule {
  const { totalIters = 5, power = 1 } = options;
  return (step) => learningRate * (1 - Math.min(step / totalIters, 1)) ** power;
}
