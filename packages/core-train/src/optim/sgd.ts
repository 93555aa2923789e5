import { add, mul, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { type Scheduled, valueAt } from "../schedule/schedule.ts";
import { momentumStep } from "./momentum-step.ts";
import { checkNotNegative, checkOption } from "./check-options.ts";
import { decayed } from "./decay-weights.ts";
import { descent, type DescentOptions } from "./descent.ts";
import { FusibleScale } from "./fusible-scale.ts";
import type { PerParameter } from "./per-parameter.ts";
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
  const { learningRate = 1e-3 } = options;
  return descent("sgd", { ...options, learningRate }, scaleAs("sgd", options));
}

/** The velocity of {@link sgd}, for a chain that ends with the learning rate. */
export function scaleByMomentum(options: ScaleByMomentumOptions = {}): Transform<PerParameter<SgdSlot>> {
  return scaleAs("scaleByMomentum", options);
}

function scaleAs(caller: string, options: ScaleByMomentumOptions): FusibleScale<SgdSlot> {
  const { momentum = 0, dampening = 0, nesterov = false } = options;
  checkNotNegative(caller, { momentum });
  const canLookAhead = !nesterov || (momentum !== 0 && dampening === 0);
  checkOption(caller, "nesterov", nesterov, canLookAhead, "momentum > 0 and dampening 0 with it");
  return new FusibleScale({
    init: (parameter): SgdSlot => ({ count: 0, ...(momentum !== 0 && { momentum: zerosLike(parameter) }) }),
    update(gradient, slot, parameter, { step, rate, penalty, decay }) {
      const count = slot.count + 1;
      if (slot.momentum === undefined) {
        const direction = penalty === 0 ? gradient : add(gradient, mul(parameter, penalty));
        return [decayed(mul(direction, -rate), parameter, rate * decay), { count }];
      }
      const take = count === 1 ? 1 : 1 - dampening;
      const numbers = { keep: valueAt(momentum, step), take, nesterov, learningRate: rate, penalty };
      const [update, velocity] = momentumStep({ gradient, parameter, momentum: slot.momentum }, numbers);
      return [decayed(update, parameter, rate * decay), { count, momentum: velocity }];
    },
  });
}
