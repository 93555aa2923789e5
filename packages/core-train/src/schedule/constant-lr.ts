import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import type { Schedule } from "./schedule.ts";

/** Options for {@link constantLr}. */
export interface ConstantLrOptions {
  /** What the learning rate is multiplied by at first. Default: 1/3. */
  readonly factor?: number;
  /** For how many steps. Default: 5. */
  readonly totalIters?: number;
}

/** A part of the learning rate at first, then all of it: `torch.optim.lr_scheduler.ConstantLR`. */
export function constantLr(learningRate: number, options: ConstantLrOptions = {}): Schedule {
  checkOptions("constantLr", options, ["factor", "totalIters"]);
  const { factor = 1 / 3, totalIters = 5 } = options;
  checkFinite("constantLr", { learningRate, totalIters });
  checkOption("constantLr", "factor", factor, factor >= 0 && factor <= 1, "a number in [0, 1]");
  return (step) => (step < totalIters ? learningRate * factor : learningRate);
}
