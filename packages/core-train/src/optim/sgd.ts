import { add, mul, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { type Scheduled, valueAt } from "../schedule/schedule.ts";
import { momentumStep } from "./momentum-step.ts";
import { checkOption } from "../check-option.ts";
import { checkScheduled } from "./check-numbers.ts";
import { decayed } from "./decay-weights.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { FusibleScale } from "./fusible-scale.ts";
import type { PerParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link scaleByMomentum}. */
export interface ScaleByMomentumOptions {
  /** The momentum: the share of the velocity that is kept in each step. Default: 0. */
  readonly momentum?: Scheduled;
  /** The share of each gradient but the first that is left out of the velocity. Default: 0. */
  readonly dampening?: number;
  /** Whether to use Nesterov momentum. Default: false. */
  readonly nesterov?: boolean;
}

/** The names of {@link ScaleByMomentumOptions}. */
export const scaleByMomentumOptions = ["momentum", "dampening", "nesterov"] as const;

/** Options for {@link sgd}. */
export interface SgdOptions extends ScaleByMomentumOptions, DescentOptions {
  /** Default: 1e-3. */
  readonly learningRate?: Scheduled;
}

/** State of gradient descent for a parameter. */
export interface SgdSlot {
  /** The number of gradients so far. */
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
  checkOptions("sgd", options, [...descentOptions, ...scaleByMomentumOptions]);
  const { learningRate = 1e-3 } = options;
  return descent("sgd", { ...options, learningRate }, scaleAs("sgd", options));
}

/** The velocity of {@link sgd}, for a chain that ends with the learning rate. */
export function scaleByMomentum(options: ScaleByMomentumOptions = {}): Transform<PerParameter<SgdSlot>> {
  checkOptions("scaleByMomentum", options, scaleByMomentumOptions);
  return scaleAs("scaleByMomentum", options);
}

function scaleAs(caller: string, options: ScaleByMomentumOptions): FusibleScale<SgdSlot> {
  const { momentum = 0, dampening = 0, nesterov = false } = options;
  checkScheduled(caller, { momentum });
  checkOption(caller, "dampening", dampening, Number.isFinite(dampening), "a number");
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
