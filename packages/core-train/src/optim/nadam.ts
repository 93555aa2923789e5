import { add, div, mul, sqrt, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkBetas, checkNotNegative } from "./check-numbers.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { lerp } from "./lerp.ts";
import { meanSquare } from "./mean-square.ts";
import { type ParameterRule, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link scaleByNadam}. */
export interface ScaleByNadamOptions {
  /** Decay rates of the running averages of the gradient and of its square. Default: [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the root, after the correction. Default: 1e-8. */
  readonly eps?: number;
  /** The decay of the momentum schedule. Default: 4e-3. */
  readonly momentumDecay?: number;
}

/** Options for {@link nadam}. */
export interface NadamOptions extends ScaleByNadamOptions, DescentOptions {
  /** Default: 2e-3. */
  readonly learningRate?: Scheduled;
  /** Whether weight decay is decoupled from the gradient, as in `adamw`. Default: false. */
  readonly decoupledWeightDecay?: boolean;
}

/** State of NAdam for a parameter. */
export interface NadamSlot {
  /** The number of gradients so far. PyTorch: `step`. */
  readonly count: number;
  /** The product of all momentum coefficients so far. PyTorch: `mu_product`. */
  readonly muProduct: number;
  /** The average of the gradient. PyTorch: `exp_avg`. */
  readonly mu: Tensor;
  /** The average of its square. PyTorch: `exp_avg_sq`. */
  readonly nu: Tensor;
}

/**
 * Adam with Nesterov's momentum: the step looks ahead by the momentum `μₜ = β₁ (1 − ½ 0.96^(t · momentumDecay))`.
 *
 * Dozat, 2016, algorithm 2. https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ
 *
 * The numbers are those of `torch.optim.NAdam`.
 */
export function nadam(options: NadamOptions = {}): Transform<PerParameter<NadamSlot>> {
  checkOptions("nadam", options, [
    ...descentOptions,
    "betas",
    "eps",
    "momentumDecay",
    "decoupledWeightDecay",
  ]);
  const { learningRate = 2e-3 } = options;
  return descent("nadam", { ...options, learningRate }, perParameter(nadamRule("nadam", options)));
}

/** The direction of {@link nadam}, for a chain that ends with the learning rate. */
export function scaleByNadam(options: ScaleByNadamOptions = {}): Transform<PerParameter<NadamSlot>> {
  checkOptions("scaleByNadam", options, ["betas", "eps", "momentumDecay"]);
  return perParameter(nadamRule("scaleByNadam", options));
}

function nadamRule(caller: string, options: ScaleByNadamOptions): ParameterRule<NadamSlot> {
  const { betas = [0.9, 0.999], eps = 1e-8, momentumDecay = 4e-3 } = options;
  checkBetas(caller, betas);
  checkNotNegative(caller, { eps, momentumDecay });
  const [beta1, beta2] = betas;
  const momentum = (t: number) => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay));
  return {
    init: (parameter) => ({ count: 0, muProduct: 1, mu: zerosLike(parameter), nu: zerosLike(parameter) }),
    update(gradient, slot) {
      const count = slot.count + 1;
      const [now, next] = [momentum(count), momentum(count + 1)];
      const muProduct = slot.muProduct * now;
      const mu = lerp(slot.mu, gradient, 1 - beta1);
      const nu = meanSquare(slot.nu, gradient, beta2);
      const size = add(sqrt(div(nu, 1 - beta2 ** count)), eps);
      const fresh = mul(gradient, (1 - now) / (1 - muProduct));
      const ahead = mul(mu, next / (1 - muProduct * next));
      return [div(add(fresh, ahead), size), { count, muProduct, mu, nu }];
    },
  };
}
