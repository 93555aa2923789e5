import { add, div, fill, sqrt, square, type Tensor } from "@tensorflow/tfjs-core";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkNotNegative } from "./check-options.ts";
import { descent, type DescentOptions } from "./descent.ts";
import { type ParameterRule, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

export interface ScaleByAdagradOptions {
  /** How fast the steps shrink by themselves: by `1 + (t − 1) · lrDecay`. Default: 0. */
  readonly lrDecay?: number;
  /** What the sum starts at. Default: 0. */
  readonly initialAccumulatorValue?: number;
  /** Added to the root. Default: 1e-10. */
  readonly eps?: number;
}

export interface AdagradOptions extends ScaleByAdagradOptions, DescentOptions {
  /** Default: 1e-2. */
  readonly learningRate?: Scheduled;
}

/** What Adagrad remembers of a parameter. */
export interface AdagradSlot {
  /** How many gradients it has had. PyTorch: `step`. */
  readonly count: number;
  /** The sum of their squares. */
  readonly sum: Tensor;
}

/**
 * Smaller steps where gradients have been large: `s ← s + g²`, `θ ← θ − lr g / (√s + ε)`.
 *
 * Duchi et al., 2011. https://jmlr.org/papers/v12/duchi11a.html
 *
 * The numbers are those of `torch.optim.Adagrad`. TensorFlow starts the sum at 0.1 and adds ε inside of the root.
 */
export function adagrad(options: AdagradOptions = {}): Transform<PerParameter<AdagradSlot>> {
  const { learningRate = 1e-2 } = options;
  return descent("adagrad", { ...options, learningRate }, scaleByAdagrad(options));
}

/** The direction of {@link adagrad}, for a chain that ends with the learning rate. */
export function scaleByAdagrad(options: ScaleByAdagradOptions = {}): Transform<PerParameter<AdagradSlot>> {
  return perParameter(adagradRule(options));
}

function adagradRule(options: ScaleByAdagradOptions): ParameterRule<AdagradSlot> {
  const { lrDecay = 0, initialAccumulatorValue = 0, eps = 1e-10 } = options;
  checkNotNegative("adagrad", { lrDecay, initialAccumulatorValue, eps });
  return {
    init: ({ shape }) => ({ count: 0, sum: fill(shape, initialAccumulatorValue) }),
    update(gradient, slot) {
      const sum = add(slot.sum, square(gradient));
      const direction = div(gradient, add(sqrt(sum), eps));
      const shrink = 1 + slot.count * lrDecay;
      return [shrink === 1 ? direction : div(direction, shrink), { count: slot.count + 1, sum }];
    },
  };
}
