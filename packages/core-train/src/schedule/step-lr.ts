import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import type { Schedule } from "./schedule.ts";

/** Options for {@link stepLr}. */
export interface StepLrOptions {
  /** How many steps go from one fall to the next. */
  readonly stepSize: number;
  /** What the learning rate is multiplied by. Default: 0.1. */
  readonly gamma?: number;
}

/** Falls by a factor every few steps: `torch.optim.lr_scheduler.StepLR`. */
export function stepLr(learningRate: number, options: StepLrOptions): Schedule {
  checkOptions("stepLr", options, ["stepSize", "gamma"]);
  const { stepSize, gamma = 0.1 } = options;
  checkFinite("stepLr", { learningRate, stepSize, gamma });
  checkOption("stepLr", "stepSize", stepSize, stepSize > 0, "a number > 0");
  return (step) => learningRate * gamma ** Math.floor(step / stepSize);
}
