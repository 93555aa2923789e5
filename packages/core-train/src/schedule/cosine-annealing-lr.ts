import { checkOption } from "../optim/check-options.ts";
import { anneal } from "./anneal.ts";
import type { Schedule } from "./schedule.ts";

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
  const { tMax, etaMin = 0 } = options;
  checkOption("cosineAnnealingLr", "tMax", tMax, tMax > 0, "a number > 0");
  return (step) => anneal(learningRate, etaMin, step / tMax);
}
