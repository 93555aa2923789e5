import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import { anneal, type AnnealStrategy } from "./anneal.ts";
import type { Schedule } from "./schedule.ts";

/** Options for {@link swaLr}. */
export interface SwaLrOptions {
  /** The learning rate at which weights are averaged. */
  readonly swaLr: number;
  /** How many steps it takes to get there. Default: 10. */
  readonly annealEpochs?: number;
  /** Default: `cos`. */
  readonly annealStrategy?: AnnealStrategy;
}

/** From a learning rate to the one at which weights are averaged, where it stays: `torch.optim.swa_utils.SWALR`. */
export function swaLr(learningRate: number, options: SwaLrOptions): Schedule {
  checkOptions("swaLr", options, ["swaLr", "annealEpochs", "annealStrategy"]);
  const { swaLr: to, annealEpochs = 10, annealStrategy = "cos" } = options;
  checkFinite("swaLr", { learningRate, swaLr: to, annealEpochs });
  return (step) => {
    const done = annealEpochs === 0 ? 1 : Math.min(step / annealEpochs, 1);
    return anneal(learningRate, to, done, annealStrategy);
  };
}
