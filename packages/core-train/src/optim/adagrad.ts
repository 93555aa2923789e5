import { add, div, fill, sqrt, square, type Tensor } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { type ParameterRule, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link scaleByAdagrad}. */
export interface ScaleByAdagradOptions {
  /** The decay of the learning rate, which is divided by `1 + (t − 1) · lrDecay`. Default: 0. */
  readonly lrDecay?: number;
  /** The initial value of the sum. Default: 0. */
  readonly initialAccumulatorValue?: number;
  /** Added to the root. Default: 1e-10. */
  readonly eps?: number;
}

/** Options for {@link adagrad}. */
export interface AdagradOptions extends ScaleByAdagradOptions, DescentOptions {
  /** Default: 1e-2. */
  readonly learningRate?: Scheduled;
}

/** State of Adagrad for a parameter. */
export interface AdagradSlot {
  /** The number of gradients so far. PyTorch: `step`. */
  readonly count: number;
  /** The sum of their squares. */
  readonly sum: Tensor;
}

/**
 * Steps that are smaller for parameters whose gradients were large: `s ← s + g²`, `θ ← θ − lr g / (√s + ε)`.
 *
 * Duchi et al., 2011. https://jmlr.org/papers/v12/duchi11a.html
 *
 * The numbers are those of `torch.optim.Adagrad`. TensorFlow starts the sum at 0.1 and adds ε inside of the root.
 */
export function adagrad(options: AdagradOptions = {}): Transform<PerParameter<AdagradSlot>> {
  checkOptions("adagrad", options, [...descentOptions, "lrDecay", "initialAccumulatorValue", "eps"]);
  const { learningRate = 1e-2 } = options;
  return descent("adagrad", { ...options, learningRate }, perParameter(adagradRule("adagrad", options)));
}

/** The direction of {@link adagrad}, for a chain that ends with the learning rate. */
export function scaleByAdagrad(options: ScaleByAdagradOptions = {}): Transform<PerParameter<AdagradSlot>> {
  checkOptions("scaleByAdagrad", options, ["lrDecay", "initialAccumulatorValue", "eps"]);
  return perParameter(adagradRule("scaleByAdagrad", options));
}

function adagradRule(caller: string, options: ScaleByAdagradOptions): ParameterRule<AdagradSlot> {
  const { lrDecay = 0, initialAccumulatorValue = 0, eps = 1e-10 } = options;
  checkNotNegative(caller, { lrDecay, initialAccumulatorValue, eps });
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
