import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import type { Schedule } from "./schedule.ts";

/** Options for both {@link cyclicLr} and {@link cyclicMomentum}. */
export interface CyclicOptions {
  /** The number of steps in which the learning rate rises. Default: 2000. */
  readonly stepSizeUp?: number;
  /** The number of steps in which it falls. Default: `stepSizeUp`. */
  readonly stepSizeDown?: number;
  /**
   * How the cycles shrink: not at all (`triangular`), to half with every cycle (`triangular2`), or by `gamma` with every
   * step (`expRange`). Default: `triangular`.
   */
  readonly mode?: "triangular" | "triangular2" | "expRange";
  /** Default: 1. */
  readonly gamma?: number;
}

const cyclicOptions = ["stepSizeUp", "stepSizeDown", "mode", "gamma"] as const;

/** Options for {@link cyclicLr}. */
export interface CyclicLrOptions extends CyclicOptions {
  /** The lowest learning rate. */
  readonly baseLr: number;
  /** The highest learning rate of the first cycle. */
  readonly maxLr: number;
}

/** Options for {@link cyclicMomentum}. */
export interface CyclicMomentumOptions extends CyclicOptions {
  /** The momentum where the learning rate is highest. Default: 0.8. */
  readonly baseMomentum?: number;
  /** The momentum where it is lowest. Default: 0.9. */
  readonly maxMomentum?: number;
}

/**
 * A learning rate that rises and falls linearly in cycles: `torch.optim.lr_scheduler.CyclicLR`.
 *
 * Smith, 2017. https://arxiv.org/abs/1506.01186
 */
export function cyclicLr(options: CyclicLrOptions): Schedule {
  checkOptions("cyclicLr", options, [...cyclicOptions, "baseLr", "maxLr"]);
  const { baseLr, maxLr } = options;
  checkFinite("cyclicLr", { baseLr, maxLr });
  const height = triangles("cyclicLr", options);
  return (step) => baseLr + (maxLr - baseLr) * height(step);
}

/** The momentum that goes with {@link cyclicLr}: down where the learning rate goes up. */
export function cyclicMomentum(options: CyclicMomentumOptions = {}): Schedule {
  checkOptions("cyclicMomentum", options, [...cyclicOptions, "baseMomentum", "maxMomentum"]);
  const { baseMomentum = 0.8, maxMomentum = 0.9 } = options;
  checkFinite("cyclicMomentum", { baseMomentum, maxMomentum });
  const height = triangles("cyclicMomentum", options);
  return (step) => maxMomentum - (maxMomentum - baseMomentum) * height(step);
}

function triangles(caller: string, options: CyclicOptions): Schedule {
  const { stepSizeUp = 2000, stepSizeDown = stepSizeUp, mode = "triangular", gamma = 1 } = options;
  checkFinite(caller, { stepSizeUp, stepSizeDown, gamma });
  checkOption(caller, "stepSizeUp", stepSizeUp, stepSizeUp > 0, "a number > 0");
  checkOption(caller, "stepSizeDown", stepSizeDown, stepSizeDown > 0, "a number > 0");
  return (step) => {
    const cycle = Math.floor(step / (stepSizeUp + stepSizeDown));
    const position = step - cycle * (stepSizeUp + stepSizeDown);
    const height =
      position <= stepSizeUp ? position / stepSizeUp : 1 - (position - stepSizeUp) / stepSizeDown;
    if (mode === "triangular2") return height / 2 ** cycle;
    return mode === "expRange" ? height * gamma ** step : height;
  };
}
