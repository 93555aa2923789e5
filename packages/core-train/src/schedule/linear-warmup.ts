import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import { type Schedule, type Scheduled, valueAt } from "./schedule.ts";

/** Options for {@link linearWarmup}. */
export interface LinearWarmupOptions {
  /** How many steps it takes. */
  readonly steps: number;
  /** What the first value is multiplied by at first. Default: 0. */
  readonly startFactor?: number;
}

/**
 * Climbs in a straight line to where `then` starts, and goes on with that.
 *
 * Goyal et al., 2017, section 2.2. https://arxiv.org/abs/1706.02677
 */
export function linearWarmup(then: Scheduled, options: LinearWarmupOptions): Schedule {
  checkOptions("linearWarmup", options, ["steps", "startFactor"]);
  const { steps, startFactor = 0 } = options;
  checkFinite("linearWarmup", { steps, startFactor });
  checkOption("linearWarmup", "steps", steps, steps >= 0, "a number ≥ 0");
  return (step) => {
    if (step >= steps) return valueAt(then, step - steps);
    return valueAt(then, 0) * (startFactor + ((1 - startFactor) * step) / steps);
  };
}
