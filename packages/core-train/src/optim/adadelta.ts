import { add, div, mul, sqrt, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkOption } from "../check-option.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { meanSquare } from "./mean-square.ts";
import { type ParameterRule, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link scaleByAdadelta}. */
export interface ScaleByAdadeltaOptions {
  /** The decay rate of the running averages. Default: 0.9. */
  readonly rho?: number;
  /** Added inside of the square roots; it sets the size of the first steps. Default: 1e-6. */
  readonly eps?: number;
}

/** Options for {@link adadelta}. */
export interface AdadeltaOptions extends ScaleByAdadeltaOptions, DescentOptions {
  /** Default: 1. */
  readonly learningRate?: Scheduled;
}

/** State of Adadelta for a parameter. */
export interface AdadeltaSlot {
  /** The average of the gradient's square. PyTorch: `square_avg`. */
  readonly nu: Tensor;
  /** The average of the step's square. PyTorch: `acc_delta`. */
  readonly accDelta: Tensor;
}

/**
 * Steps in the unit of the parameter: `Δ = √(d + ε) / √(v + ε) · g`, with running averages `v` of `g²` and `d` of `Δ²`.
 *
 * Zeiler, 2012, algorithm 1. https://arxiv.org/abs/1212.5701
 *
 * The numbers are those of `torch.optim.Adadelta`.
 */
export function adadelta(options: AdadeltaOptions = {}): Transform<PerParameter<AdadeltaSlot>> {
  checkOptions("adadelta", options, [...descentOptions, "rho", "eps"]);
  const { learningRate = 1 } = options;
  return descent("adadelta", { ...options, learningRate }, perParameter(adadeltaRule("adadelta", options)));
}

/** The direction of {@link adadelta}, for a chain that ends with the learning rate. */
export function scaleByAdadelta(options: ScaleByAdadeltaOptions = {}): Transform<PerParameter<AdadeltaSlot>> {
  checkOptions("scaleByAdadelta", options, ["rho", "eps"]);
  return perParameter(adadeltaRule("scaleByAdadelta", options));
}

function adadeltaRule(caller: string, options: ScaleByAdadeltaOptions): ParameterRule<AdadeltaSlot> {
  const { rho = 0.9, eps = 1e-6 } = options;
  checkOption(caller, "rho", rho, rho >= 0 && rho <= 1, "a number in [0, 1]");
  checkNotNegative(caller, { eps });
  return {
    init: (parameter) => ({ nu: zerosLike(parameter), accDelta: zerosLike(parameter) }),
    update(gradient, slot) {
      const nu = meanSquare(slot.nu, gradient, rho);
      const size = div(sqrt(add(slot.accDelta, eps)), sqrt(add(nu, eps)));
      const delta = mul(size, gradient);
      return [delta, { nu, accDelta: meanSquare(slot.accDelta, delta, rho) }];
    },
  };
}
