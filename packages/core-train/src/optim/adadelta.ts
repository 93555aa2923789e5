import { add, div, mul, sqrt, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkNotNegative, checkOption } from "./check-options.ts";
import { descent, type DescentOptions } from "./descent.ts";
import { meanSquare } from "./mean-square.ts";
import { type ParameterRule, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

export interface ScaleByAdadeltaOptions {
  /** How much the averages keep of themselves. Default: 0.9. */
  readonly rho?: number;
  /** Added inside of the roots; it also starts the steps. Default: 1e-6. */
  readonly eps?: number;
}

export interface AdadeltaOptions extends ScaleByAdadeltaOptions, DescentOptions {
  /** Default: 1. */
  readonly learningRate?: Scheduled;
}

/** What Adadelta remembers of a parameter. */
export interface AdadeltaSlot {
  /** The average of the gradient's square. PyTorch: `square_avg`. */
  readonly nu: Tensor;
  /** The average of the step's square. PyTorch: `acc_delta`. */
  readonly accDelta: Tensor;
}

/**
 * Steps in the parameter's own unit: `Δ = √(d + ε) / √(v + ε) · g`, with running averages `v` of `g²` and `d` of `Δ²`.
 *
 * Zeiler, 2012, algorithm 1. https://arxiv.org/abs/1212.5701
 *
 * The numbers are those of `torch.optim.Adadelta`.
 */
export function adadelta(options: AdadeltaOptions = {}): Transform<PerParameter<AdadeltaSlot>> {
  const { learningRate = 1 } = options;
  return descent("adadelta", { ...options, learningRate }, scaleByAdadelta(options));
}

/** The direction of {@link adadelta}, for a chain that ends with the learning rate. */
export function scaleByAdadelta(options: ScaleByAdadeltaOptions = {}): Transform<PerParameter<AdadeltaSlot>> {
  return perParameter(adadeltaRule(options));
}

function adadeltaRule(options: ScaleByAdadeltaOptions): ParameterRule<AdadeltaSlot> {
  const { rho = 0.9, eps = 1e-6 } = options;
  checkOption("adadelta", "rho", rho, rho >= 0 && rho <= 1, "a number in [0, 1]");
  checkNotNegative("adadelta", { eps });
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
