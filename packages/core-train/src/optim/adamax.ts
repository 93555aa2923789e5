import { add, div, mul, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { maximum } from "../op/maximum.ts";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkBetas, checkNotNegative } from "./check-numbers.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { lerp } from "./lerp.ts";
import { type ParameterRule, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";
import { abs } from "../op/abs.ts";

/** Options for {@link scaleByAdamax}. */
export interface ScaleByAdamaxOptions {
  /** Decay rates of the running average of the gradient and of its largest absolute value. Default: [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the absolute value of each gradient. Default: 1e-8. */
  readonly eps?: number;
}

/** Options for {@link adamax}. */
export interface AdamaxOptions extends ScaleByAdamaxOptions, DescentOptions {
  /** Default: 2e-3. */
  readonly learningRate?: Scheduled;
}

/** State of Adamax for a parameter. */
export interface AdamaxSlot {
  /** The number of gradients so far. PyTorch: `step`. */
  readonly count: number;
  /** The average of the gradient. PyTorch: `exp_avg`. */
  readonly mu: Tensor;
  /** Its largest absolute value, with decay. PyTorch: `exp_inf`. */
  readonly expInf: Tensor;
}

/**
 * Adam with the largest gradient in place of the mean square: `u ← max(β₂ u, |g| + ε)`, `θ ← θ − lr m̂ / u`.
 *
 * Kingma and Ba, 2015, algorithm 2. https://arxiv.org/abs/1412.6980
 *
 * The numbers are those of `torch.optim.Adamax`; the paper has no ε.
 */
export function adamax(options: AdamaxOptions = {}): Transform<PerParameter<AdamaxSlot>> {
  checkOptions("adamax", options, [...descentOptions, "betas", "eps"]);
  const { learningRate = 2e-3 } = options;
  return descent("adamax", { ...options, learningRate }, perParameter(adamaxRule("adamax", options)));
}

/** The direction of {@link adamax}, for a chain that ends with the learning rate. */
export function scaleByAdamax(options: ScaleByAdamaxOptions = {}): Transform<PerParameter<AdamaxSlot>> {
  checkOptions("scaleByAdamax", options, ["betas", "eps"]);
  return perParameter(adamaxRule("scaleByAdamax", options));
}

function adamaxRule(caller: string, options: ScaleByAdamaxOptions): ParameterRule<AdamaxSlot> {
  const { betas = [0.9, 0.999], eps = 1e-8 } = options;
  checkBetas(caller, betas);
  checkNotNegative(caller, { eps });
  const [beta1, beta2] = betas;
  return {
    init: (parameter) => ({ count: 0, mu: zerosLike(parameter), expInf: zerosLike(parameter) }),
    update(gradient, slot) {
      const count = slot.count + 1;
      const mu = lerp(slot.mu, gradient, 1 - beta1);
      const expInf = maximum(mul(slot.expInf, beta2), add(abs(gradient), eps));
      return [div(mu, mul(expInf, 1 - beta1 ** count)), { count, mu, expInf }];
    },
  };
}
