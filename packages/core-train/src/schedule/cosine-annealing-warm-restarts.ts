import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import { anneal } from "./anneal.ts";
import type { Schedule } from "./schedule.ts";

/** Options for {@link cosineAnnealingWarmRestarts}. */
export interface CosineAnnealingWarmRestartsOptions {
  /** How many steps go until the first restart. */
  readonly t0: number;
  /** How much longer every next round is. Default: 1. */
  readonly tMult?: number;
  /** The least learning rate. Default: 0. */
  readonly etaMin?: number;
}

/**
 * Falls along half a cosine, again and again: `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`.
 *
 * Loshchilov and Hutter, 2017, equation 5. https://arxiv.org/abs/1608.03983
 */
export function cosineAnnealingWarmRestarts(
  learningRate: number,
  options: CosineAnnealingWarmRestartsOptions,
): Schedule {
  checkOptions("cosineAnnealingWarmRestarts", options, ["t0", "tMult", "etaMin"]);
  const { t0, tMult = 1, etaMin = 0 } = options;
  const caller = "cosineAnnealingWarmRestarts";
  checkFinite(caller, { learningRate, etaMin });
  checkOption(caller, "t0", t0, Number.isInteger(t0) && t0 > 0, "an integer ≥ 1");
  checkOption(caller, "tMult", tMult, Number.isInteger(tMult) && tMult >= 1, "an integer ≥ 1");
  return (step) => {
    let [since, length] = [step, t0];
    if (tMult === 1) since %= t0;
    else for (; since >= length; length *= tMult) since -= length;
    return anneal(learningRate, etaMin, since / length);
  };
}
