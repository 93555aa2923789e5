import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import type { Schedule } from "./schedule.ts";

/** Options for {@link polynomialLr}. */
export interface PolynomialLrOptions {
  /** How many steps it takes to zero. Default: 5. */
  readonly totalIters?: number;
  /** The power of what is left. Default: 1. */
  readonly power?: number;
}

/** Falls to zero as a power of the steps that are left: `torch.optim.lr_scheduler.PolynomialLR`. */
export function polynomialLr(learningRate: number, options: PolynomialLrOptions = {}): Schedule {
  checkOptions("polynomialLr", options, ["totalIters", "power"]);
  const { totalIters = 5, power = 1 } = options;
  checkFinite("polynomialLr", { learningRate, totalIters, power });
  return (step) => learningRate * (1 - Math.min(step / totalIters, 1)) ** power;
}
