import { add, div, mul, sqrt, square, sub, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { lerp } from "./lerp.ts";
import { meanSquare } from "./mean-square.ts";
import { type ParameterRule, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link scaleByRms}. */
export interface ScaleByRmsOptions {
  /** The decay rate of the running averages. Default: 0.99. */
  readonly alpha?: number;
  /** Added to the square root. Default: 1e-8. */
  readonly eps?: number;
  /** Whether to divide by the standard deviation of the gradient instead of its root mean square. Default: false. */
  readonly centered?: boolean;
  /** The momentum: the share of the velocity that is kept in each step. Default: 0. */
  readonly momentum?: number;
}

/** Options for {@link rmsprop}. */
export interface RmspropOptions extends ScaleByRmsOptions, DescentOptions {
  /** Default: 1e-2. */
  readonly learningRate?: Scheduled;
}

/** State of RMSprop for a parameter. */
export interface RmspropSlot {
  /** The average of the gradient's square. PyTorch: `square_avg`. */
  readonly nu: Tensor;
  /** If centered, the average of the gradient. PyTorch: `grad_avg`. */
  readonly mu?: Tensor;
  /** With momentum, the velocity. PyTorch: `momentum_buffer`. */
  readonly momentum?: Tensor;
}

/**
 * Divides the gradient by the root of a running average of its square: `v ← α v + (1 − α) g²`, `θ ← θ − lr g / (√v + ε)`.
 *
 * Tieleman and Hinton, 2012, lecture 6e. https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf
 * Centered: Graves, 2013, equation 38. https://arxiv.org/abs/1308.0850
 *
 * The numbers are those of `torch.optim.RMSprop`. TensorFlow adds ε inside of the root.
 */
export function rmsprop(options: RmspropOptions = {}): Transform<PerParameter<RmspropSlot>> {
  checkOptions("rmsprop", options, [...descentOptions, "alpha", "eps", "centered", "momentum"]);
  const { learningRate = 1e-2 } = options;
  return descent("rmsprop", { ...options, learningRate }, perParameter(rmsRule("rmsprop", options)));
}

/** The direction of {@link rmsprop}, for a chain that ends with the learning rate. */
export function scaleByRms(options: ScaleByRmsOptions = {}): Transform<PerParameter<RmspropSlot>> {
  checkOptions("scaleByRms", options, ["alpha", "eps", "centered", "momentum"]);
  return perParameter(rmsRule("scaleByRms", options));
}

function rmsRule(caller: string, options: ScaleByRmsOptions): ParameterRule<RmspropSlot> {
  const { alpha = 0.99, eps = 1e-8, centered = false, momentum = 0 } = options;
  checkNotNegative(caller, { alpha, eps, momentum });
  return {
    init: (parameter) => ({
      nu: zerosLike(parameter),
      ...(centered && { mu: zerosLike(parameter) }),
      ...(momentum > 0 && { momentum: zerosLike(parameter) }),
    }),
    update(gradient, slot) {
      const nu = meanSquare(slot.nu, gradient, alpha);
      const mu = slot.mu && lerp(slot.mu, gradient, 1 - alpha);
      const size = add(sqrt(mu ? sub(nu, square(mu)) : nu), eps);
      const direction = div(gradient, size);
      const velocity = slot.momentum && add(mul(slot.momentum, momentum), direction);
      return [velocity ?? direction, { nu, ...(mu && { mu }), ...(velocity && { momentum: velocity }) }];
    },
  };
}
