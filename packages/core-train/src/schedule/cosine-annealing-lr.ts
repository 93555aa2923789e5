import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import { anneal } from "./anneal.ts";
import type { Schedule } from "./schedule.ts";

/** Options for {@link cosineAnnealingLr}. */
export interface CosineAnnealingLrOptions {
  /** How many steps it takes to the bottom; then it climbs again, as PyTorch's does. */
  readonly tMax: number;
  /** The least learning rate. Default: 0. */
  readonly etaMin?: number;
}

/**
 * Falls along half a cosine: `torch.optim.lr_scheduler.CosineAnnealingLR`.
 *
 * Loshchilov and Hutter, 2017, equation 5, without the restarts. https://arxiv.org/abs/1608.03983
 */
export function cosineAnnealingLr(learningRate: number, options: CosineAnnealingLrOptions): Schedule {
  checkOptions("cosineAnnealingLr", options, ["tMax", "etaMin"]);
  const { tMax, etaMin = 0 } = options;
  checkFinite("cosineAnnealingLr", { learningRate, tMax, etaMin });
  checkOption("cosineAnnealingLr", "tMax", tMax, tMax > 0, "a number > 0");
  return (step) => anneal(learningRate, etaMin, step / tMax);
}
