import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import type { Schedule } from "./schedule.ts";

/** Options for {@link exponentialLr}. */
export interface ExponentialLrOptions {
  /** What the learning rate is multiplied by in every step. */
  readonly gamma: number;
}

/** Falls by a factor in every step: `torch.optim.lr_scheduler.ExponentialLR`. */
export function exponentialLr(learningRate: number, options: ExponentialLrOptions): Schedule {
  checkOptions("exponentialLr", options, ["gamma"]);
  const { gamma } = options;
  checkFinite("exponentialLr", { learningRate, gamma });
  return (step) => learningRate * gamma ** step;
}
