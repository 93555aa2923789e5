import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import type { Schedule } from "./schedule.ts";

/** Options for {@link linearLr}. */
export interface LinearLrOptions {
  /** What the learning rate is multiplied by at first. Default: 1/3. */
  readonly startFactor?: number;
  /** And in the end. Default: 1. */
  readonly endFactor?: number;
  /** How many steps it takes. Default: 5. */
  readonly totalIters?: number;
}

/** From one part of the learning rate to another in a straight line: `torch.optim.lr_scheduler.LinearLR`. */
export function linearLr(learningRate: number, options: LinearLrOptions = {}): Schedule {
  checkOptions("linearLr", options, ["startFactor", "endFactor", "totalIters"]);
  const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = options;
  checkFinite("linearLr", { learningRate, totalIters });
  const starts = startFactor > 0 && startFactor <= 1;
  checkOption("linearLr", "startFactor", startFactor, starts, "a number in (0, 1]");
  checkOption("linearLr", "endFactor", endFactor, endFactor >= 0 && endFactor <= 1, "a number in [0, 1]");
  return (step) => {
    const done = Math.min(step / totalIters, 1);
    return learningRate * (startFactor + (endFactor - startFactor) * done);
  };
}
