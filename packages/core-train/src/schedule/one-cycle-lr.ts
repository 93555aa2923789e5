import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import { anneal, type AnnealStrategy } from "./anneal.ts";
import type { Schedule } from "./schedule.ts";

/** Options for both {@link oneCycleLr} and {@link oneCycleMomentum}. */
export interface OneCycleOptions {
  /** The number of training steps; afterwards the last value stays. */
  readonly totalSteps: number;
  /** The fraction of the steps in which the learning rate rises. Default: 0.3. */
  readonly pctStart?: number;
  /** Default: `cos`. */
  readonly annealStrategy?: AnnealStrategy;
  /** Whether to fall back as slowly as it rose, before a third phase to the final value. Default: false. */
  readonly threePhase?: boolean;
}

const oneCycleOptions = ["totalSteps", "pctStart", "annealStrategy", "threePhase"] as const;

/** Options for {@link oneCycleLr}. */
export interface OneCycleLrOptions extends OneCycleOptions {
  /** The initial learning rate is `maxLr / divFactor`. Default: 25. */
  readonly divFactor?: number;
  /** The final learning rate is the initial one divided by `finalDivFactor`. Default: 1e4. */
  readonly finalDivFactor?: number;
}

/** Options for {@link oneCycleMomentum}. */
export interface OneCycleMomentumOptions extends OneCycleOptions {
  /** The momentum where the learning rate is highest. Default: 0.85. */
  readonly baseMomentum?: number;
  /** The momentum where it starts and ends. Default: 0.95. */
  readonly maxMomentum?: number;
}

/**
 * One rise to a high learning rate, then a fall to almost 0: `torch.optim.lr_scheduler.OneCycleLR`.
 *
 * ```ts
 * sgd({ learningRate: oneCycleLr(0.1, { totalSteps }), momentum: oneCycleMomentum({ totalSteps }) });
 * ```
 *
 * Smith and Topin, 2018. https://arxiv.org/abs/1708.07120
 */
export function oneCycleLr(maxLr: number, options: OneCycleLrOptions): Schedule {
  checkOptions("oneCycleLr", options, [...oneCycleOptions, "divFactor", "finalDivFactor"]);
  const { divFactor = 25, finalDivFactor = 1e4 } = options;
  checkFinite("oneCycleLr", { maxLr, divFactor, finalDivFactor });
  const start = maxLr / divFactor;
  return cycle("oneCycleLr", options, start, maxLr, start / finalDivFactor);
}

/** The momentum that goes with {@link oneCycleLr}: down where the learning rate goes up, and up again. */
export function oneCycleMomentum(options: OneCycleMomentumOptions): Schedule {
  checkOptions("oneCycleMomentum", options, [...oneCycleOptions, "baseMomentum", "maxMomentum"]);
  const { baseMomentum = 0.85, maxMomentum = 0.95 } = options;
  checkFinite("oneCycleMomentum", { baseMomentum, maxMomentum });
  return cycle("oneCycleMomentum", options, maxMomentum, baseMomentum, maxMomentum);
}

function cycle(caller: string, options: OneCycleOptions, start: number, peak: number, end: number): Schedule {
  const { totalSteps, pctStart = 0.3, annealStrategy = "cos", threePhase = false } = options;
  const counts = Number.isInteger(totalSteps) && totalSteps > 0;
  checkOption(caller, "totalSteps", totalSteps, counts, "an integer ≥ 1");
  checkOption(caller, "pctStart", pctStart, pctStart >= 0 && pctStart <= 1, "a number in [0, 1]");
  const [top, last] = [pctStart * totalSteps - 1, totalSteps - 1];
  const back = threePhase ? 2 * top : top;
  const between = (from: number, to: number, done: number) => anneal(from, to, done, annealStrategy);
  return (step) => {
    if (step <= top) return between(start, peak, step / top);
    if (step <= back) return between(peak, start, (step - top) / (back - top));
    const done = Math.min((step - back) / (last - back), 1);
    return between(threePhase ? start : peak, end, done);
  };
}
