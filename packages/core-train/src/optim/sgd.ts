import { add, mul, neg, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { type Scheduled, valueAt } from "../schedule/schedule.ts";
import { momentumStep } from "./momentum-step.ts";
import { checkNotNegative, checkOption } from "./check-options.ts";
import type { DescentOptions } from "./descent.ts";
import { type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

export interface ScaleByMomentumOptions {
  /** How much of its velocity a parameter keeps. Default: 0. */
  readonly momentum?: Scheduled;
  /** How much of a gradient does not go into the velocity, but for the first. Default: 0. */
  readonly dampening?: number;
  /** Whether to look ahead along the velocity. Default: false. */
  readonly nesterov?: boolean;
}

export interface SgdOptions extends ScaleByMomentumOptions, DescentOptions {
  /** Default: 1e-3. */
  readonly learningRate?: Scheduled;
}

/** What gradient descent remembers of a parameter. */
export interface SgdSlot {
  /** How many gradients it has had. */
  readonly count: number;
  /** With momentum, its velocity. PyTorch: `momentum_buffer`. */
  readonly momentum?: Tensor;
}

/**
 * Gradient descent, with momentum and Nesterov's momentum.
 *
 * `b ← momentum · b + (1 − dampening) g`, `θ ← θ − lr b`, or with Nesterov `θ ← θ − lr (g + momentum · b)`.
 *
 * Sutskever et al., 2013, section 2, with the learning rate outside of the velocity.
 * https://proceedings.mlr.press/v28/sutskever13.html
 *
 * The numbers are those of `torch.optim.SGD`: the first velocity is the gradient itself, without dampening.
 */
export function sgd(options: SgdOptions = {}): Transform<PerParameter<SgdSlot>> {
  return sgdAs("sgd", options);
}

/** The velocity of {@link sgd}, for a chain that ends with the learning rate. */
export function scaleByMomentum(options: ScaleByMomentumOptions = {}): Transform<PerParameter<SgdSlot>> {
  return sgdAs("scaleByMomentum", { ...options, learningRate: () => -1 });
}

/** {@link sgd} under the name that its errors give. */
function sgdAs(who: string, options: SgdOptions): Transform<PerParameter<SgdSlot>> {
  const { learningRate = 1e-3, momentum = 0, dampening = 0, nesterov = false } = options;
  const { weightDecay = 0, mask = () => true, maximize = false } = options;
  checkNotNegative(who, { learningRate, momentum, weightDecay });
  const canLookAhead = !nesterov || (momentum !== 0 && dampening === 0);
  checkOption(who, "nesterov", nesterov, canLookAhead, "momentum > 0 and dampening 0 with it");
  return perParameter({
    init: (parameter): SgdSlot => ({ count: 0, ...(momentum !== 0 && { momentum: zerosLike(parameter) }) }),
    update(slope, slot, parameter, { step, path }) {
      const rate = valueAt(learningRate, step);
      const gradient = maximize ? neg(slope) : slope;
      const penalty = mask(path) ? weightDecay : 0;
      const count = slot.count + 1;
      if (slot.momentum === undefined) {
        const direction = penalty === 0 ? gradient : add(gradient, mul(parameter, penalty));
        return [mul(direction, -rate), { count }];
      }
      const take = count === 1 ? 1 : 1 - dampening;
      const numbers = { keep: valueAt(momentum, step), take, nesterov, learningRate: rate, penalty };
      const [update, velocity] = momentumStep({ gradient, parameter, momentum: slot.momentum }, numbers);
      return [update, { count, momentum: velocity }];
    },
  });
}
