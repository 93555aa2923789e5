import { add, div, mul, sqrt, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkBetas, checkNotNegative } from "./check-numbers.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { lerp } from "./lerp.ts";
import { meanSquare } from "./mean-square.ts";
import { type ParameterRule, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link scaleByRadam}. */
export interface ScaleByRadamOptions {
  /** Decay rates of the running averages of the gradient and of its square. Default: [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the square root, before the bias correction. Default: 1e-8. */
  readonly eps?: number;
}

/** Options for {@link radam}. */
export interface RadamOptions extends ScaleByRadamOptions, DescentOptions {
  /** Default: 1e-3. */
  readonly learningRate?: Scheduled;
  /** Whether weight decay is decoupled from the gradient, as in `adamw`. Default: false. */
  readonly decoupledWeightDecay?: boolean;
}

/** State of RAdam for a parameter. */
export interface RadamSlot {
  /** The number of gradients so far. PyTorch: `step`. */
  readonly count: number;
  /** The average of the gradient. PyTorch: `exp_avg`. */
  readonly mu: Tensor;
  /** The average of its square. PyTorch: `exp_avg_sq`. */
  readonly nu: Tensor;
}

/**
 * Adam with rectified variance: it scales by the average of squares only when the variance of that average is bounded.
 *
 * Liu et al., 2020, algorithm 2. https://arxiv.org/abs/1908.03265
 *
 * The numbers are those of `torch.optim.RAdam`, which rectifies for `ρ > 5`, where the paper has 4.
 */
export function radam(options: RadamOptions = {}): Transform<PerParameter<RadamSlot>> {
  checkOptions("radam", options, [...descentOptions, "betas", "eps", "decoupledWeightDecay"]);
  const { learningRate = 1e-3 } = options;
  return descent("radam", { ...options, learningRate }, perParameter(radamRule("radam", options)));
}

/** The direction of {@link radam}, for a chain that ends with the learning rate. */
export function scaleByRadam(options: ScaleByRadamOptions = {}): Transform<PerParameter<RadamSlot>> {
  checkOptions("scaleByRadam", options, ["betas", "eps"]);
  return perParameter(radamRule("scaleByRadam", options));
}

function radamRule(caller: string, options: ScaleByRadamOptions): ParameterRule<RadamSlot> {
  const { betas = [0.9, 0.999], eps = 1e-8 } = options;
  checkBetas(caller, betas);
  checkNotNegative(caller, { eps });
  const [beta1, beta2] = betas;
  return {
    init: (parameter) => ({ count: 0, mu: zerosLike(parameter), nu: zerosLike(parameter) }),
    update(gradient, slot) {
      const count = slot.count + 1;
      const mu = lerp(slot.mu, gradient, 1 - beta1);
      const nu = meanSquare(slot.nu, gradient, beta2);
      const corrected = div(mu, 1 - beta1 ** count);
      const trust = rectification(beta2, count);
      const direction = trust === null ? corrected : mul(div(corrected, add(sqrt(nu), eps)), trust);
      return [direction, { count, mu, nu }];
    },
  };
}

/** The rectification `r` of the paper times the correction of the root, or null where the variance has no bound. */
function rectification(beta2: number, count: number): number | null {
  const correction = 1 - beta2 ** count;
  const longest = 2 / (1 - beta2) - 1; //                                      ρ∞
  const length = longest - (2 * count * beta2 ** count) / correction; //       ρₜ
  if (length <= 5) return null;
  const r = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length);
  return Math.sqrt(r) * Math.sqrt(correction);
}
