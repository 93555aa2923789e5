import { type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { sign } from "../op/sign.ts";
import type { Scheduled } from "../schedule/schedule.ts";
import { checkBetas } from "./check-numbers.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { lerp } from "./lerp.ts";
import { type ParameterRule, type PerParameter, perParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link scaleByLion}. */
export interface ScaleByLionOptions {
  /** Decay rates of the running average: in the step, and in the state. Default: [0.9, 0.99]. */
  readonly betas?: readonly [number, number];
}

/** Options for {@link lion}. */
export interface LionOptions extends ScaleByLionOptions, DescentOptions {
  /** Default: 1e-4: three to ten times less than Adam's. */
  readonly learningRate?: Scheduled;
  /** Decoupled weight decay: `θ ← θ − lr · weightDecay · θ`. Default: 0. */
  readonly weightDecay?: number;
}

/** State of Lion for a parameter. */
export interface LionSlot {
  /** The average of the gradient. */
  readonly mu: Tensor;
}

/**
 * Steps of one size, by the sign of the average: `θ ← θ − lr (sign(β₁ m + (1 − β₁) g) + λ θ)`, `m ← β₂ m + (1 − β₂) g`.
 *
 * Chen et al., 2023, algorithm 2. https://arxiv.org/abs/2302.06675
 *
 * PyTorch has none; weights decay by themselves, as in the paper and in `adamw`.
 */
export function lion(options: LionOptions = {}): Transform<PerParameter<LionSlot>> {
  checkOptions("lion", options, [...descentOptions, "betas"]);
  const { learningRate = 1e-4 } = options;
  return descent(
    "lion",
    { ...options, learningRate, decoupledWeightDecay: true },
    perParameter(lionRule("lion", options)),
  );
}

/** The direction of {@link lion}, for a chain that ends with the learning rate. */
export function scaleByLion(options: ScaleByLionOptions = {}): Transform<PerParameter<LionSlot>> {
  checkOptions("scaleByLion", options, ["betas"]);
  return perParameter(lionRule("scaleByLion", options));
}

function lionRule(caller: string, { betas = [0.9, 0.99] }: ScaleByLionOptions): ParameterRule<LionSlot> {
  checkBetas(caller, betas);
  const [beta1, beta2] = betas;
  return {
    init: (parameter) => ({ mu: zerosLike(parameter) }),
    update: (gradient, { mu }) => [
      sign(lerp(mu, gradient, 1 - beta1)),
      { mu: lerp(mu, gradient, 1 - beta2) },
    ],
  };
}
