import { checkFinite } from "../check-finite.ts";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import type { Schedule } from "./schedule.ts";

/** Options for {@link ReduceLROnPlateau}. */
export interface ReduceLROnPlateauOptions {
  /** Whether a smaller or a larger metric is better. Default: `min`. */
  readonly mode?: "min" | "max";
  /** What the learning rate is multiplied by. Default: 0.1. */
  readonly factor?: number;
  /** How many observations without a better one are let pass. Default: 10. */
  readonly patience?: number;
  /** How much better is better. Default: 1e-4. */
  readonly threshold?: number;
  /** Whether `threshold` is a part of the best, or a number. Default: `rel`. */
  readonly thresholdMode?: "rel" | "abs";
  /** How many observations after a fall do not count. Default: 0. */
  readonly cooldown?: number;
  /** The least learning rate. Default: 0. */
  readonly minLr?: number;
  /** A fall by no more than this is not made. Default: 1e-8. */
  readonly eps?: number;
}

/** State of {@link ReduceLROnPlateau}. */
export interface PlateauState {
  readonly learningRate: number;
  /** The best metric so far, once there is one. */
  readonly best?: number;
  /** How many observations have passed without a better one. */
  readonly badEpochs: number;
  /** How many more observations do not count. */
  readonly cooldown: number;
}

/**
 * Lowers the learning rate when a metric has stopped to improve: `torch.optim.lr_scheduler.ReduceLROnPlateau`.
 *
 * ```ts
 * const plateau = new ReduceLROnPlateau(0.1);
 * const optimizer = new Optimizer(sgd({ learningRate: plateau.schedule }), trainable(model));
 * plateau.observe(validationLoss); // after each epoch
 * ```
 */
export class ReduceLROnPlateau {
  readonly #options: Required<ReduceLROnPlateauOptions>;
  #state: PlateauState;

  constructor(learningRate: number, options: ReduceLROnPlateauOptions = {}) {
    checkOptions("ReduceLROnPlateau", options, [
      "mode",
      "factor",
      "patience",
      "threshold",
      "thresholdMode",
      "cooldown",
      "minLr",
      "eps",
    ]);
    const { mode = "min", factor = 0.1, patience = 10, threshold = 1e-4, thresholdMode = "rel" } = options;
    const { cooldown = 0, minLr = 0, eps = 1e-8 } = options;
    checkFinite("ReduceLROnPlateau", { learningRate, factor, threshold, minLr, eps });
    checkOption("ReduceLROnPlateau", "factor", factor, factor < 1, "a number < 1");
    this.#options = { mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps };
    this.#state = { learningRate, badEpochs: 0, cooldown: 0 };
  }

  /** The learning rate now, whatever the step. */
  readonly schedule: Schedule = () => this.learningRate;

  get learningRate(): number {
    return this.#state.learningRate;
  }

  /** What to save; `restore` continues from it. */
  state(): PlateauState {
    return this.#state;
  }

  restore(state: PlateauState): void {
    this.#state = { ...state };
  }

  /**
   * Takes note of a metric, usually once an epoch.
   *
   * @returns the learning rate from now on
   */
  observe(metric: number): number {
    const { factor, patience, minLr, eps } = this.#options;
    const state = this.#state;
    const better = this.#isBetter(metric);
    const cooling = state.cooldown > 0;
    const badEpochs = better || cooling ? 0 : state.badEpochs + 1;
    const falls = badEpochs > patience;
    const lower = Math.max(state.learningRate * factor, minLr);
    this.#state = {
      learningRate: falls && state.learningRate - lower > eps ? lower : state.learningRate,
      ...(better ? { best: metric } : state.best !== undefined && { best: state.best }),
      badEpochs: falls ? 0 : badEpochs,
      cooldown: falls ? this.#options.cooldown : Math.max(state.cooldown - 1, 0),
    };
    return this.learningRate;
  }

  #isBetter(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const { best } = this.#state;
    if (best === undefined) return !Number.isNaN(metric);
    const sign = mode === "min" ? -1 : 1;
    const edge = thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === "min" ? metric < edge : metric > edge;
  }
}
