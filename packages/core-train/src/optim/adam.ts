import { type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { type Scheduled, valueAt } from "../schedule/schedule.ts";
import { adamStep, amsgradStep } from "./adam-step.ts";
import { checkBetas, checkNotNegative } from "./check-numbers.ts";
import { descent, type DescentOptions, descentOptions } from "./descent.ts";
import { FusibleScale } from "./fusible-scale.ts";
import type { PerParameter } from "./per-parameter.ts";
import type { Transform } from "./transform.ts";

/** Options for {@link scaleByAdam}. */
export interface ScaleByAdamOptions {
  /** Decay rates of the running averages of the gradient and of its square. Default: [0.9, 0.999]. */
  readonly betas?: readonly [Scheduled, number];
  /** Added to the square root, after the bias correction. Default: 1e-8. */
  readonly eps?: number;
  /** Whether to divide by the largest running average so far: Reddi et al., 2018. Default: false. */
  readonly amsgrad?: boolean;
}

/** The names of {@link ScaleByAdamOptions}. */
export const scaleByAdamOptions = ["betas", "eps", "amsgrad"] as const;

/** Options for {@link adam}. */
export interface AdamOptions extends ScaleByAdamOptions, DescentOptions {
  /** Default: 1e-3. */
  readonly learningRate?: Scheduled;
  /** Whether weight decay is decoupled from the gradient, as in `adamw`. Default: false. */
  readonly decoupledWeightDecay?: boolean;
}

/** State of Adam for a parameter. */
export interface AdamSlot {
  /** The number of gradients so far. PyTorch: `step`. */
  readonly count: number;
  /** The average of the gradient. PyTorch: `exp_avg`. */
  readonly mu: Tensor;
  /** The average of its square. PyTorch: `exp_avg_sq`. */
  readonly nu: Tensor;
  /** With `amsgrad`, the largest `nu` so far. PyTorch: `max_exp_avg_sq`. */
  readonly nuMax?: Tensor;
}

/**
 * Adaptive moment estimation: steps scaled by running averages of the gradient and of its square.
 *
 * `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `θ ← θ − lr m̂ / (√v̂ + ε)`,
 * with `m̂ = m / (1 − β₁ᵗ)` and `v̂ = v / (1 − β₂ᵗ)`.
 *
 * Kingma and Ba, 2015, algorithm 1. https://arxiv.org/abs/1412.6980
 *
 * The numbers are those of `torch.optim.Adam`. TensorFlow adds ε before the bias correction.
 */
export function adam(options: AdamOptions = {}): Transform<PerParameter<AdamSlot>> {
  checkOptions("adam", options, [...descentOptions, ...scaleByAdamOptions, "decoupledWeightDecay"]);
  return adamAs("adam", options);
}

/** Adam's direction `m̂ / (√v̂ + ε)`, for a chain that ends with the learning rate. */
export function scaleByAdam(options: ScaleByAdamOptions = {}): Transform<PerParameter<AdamSlot>> {
  checkOptions("scaleByAdam", options, scaleByAdamOptions);
  return scaleAs("scaleByAdam", options);
}

/** {@link adam} under the name that its errors give. */
export function adamAs(caller: string, options: AdamOptions): Transform<PerParameter<AdamSlot>> {
  const { learningRate = 1e-3 } = options;
  return descent(caller, { ...options, learningRate }, scaleAs(caller, options));
}

function scaleAs(caller: string, options: ScaleByAdamOptions): FusibleScale<AdamSlot> {
  const { betas = [0.9, 0.999], eps = 1e-8, amsgrad = false } = options;
  checkNotNegative(caller, { eps });
  checkBetas(caller, betas);
  const [momentum, beta2] = betas;
  return new FusibleScale({
    init: (parameter): AdamSlot => ({
      count: 0,
      mu: zerosLike(parameter),
      nu: zerosLike(parameter),
      ...(amsgrad && { nuMax: zerosLike(parameter) }),
    }),
    update(gradient, slot, parameter, { step, rate, penalty, decay }) {
      const count = slot.count + 1;
      const beta1 = valueAt(momentum, step);
      const numbers = {
        beta1,
        beta2,
        eps,
        stepSize: rate / (1 - beta1 ** count),
        correction: Math.sqrt(1 - beta2 ** count),
        penalty,
        decay: rate * decay,
      };
      const inputs = { gradient, parameter, mu: slot.mu, nu: slot.nu };
      if (slot.nuMax === undefined) {
        const [update, mu, nu] = adamStep(inputs, numbers);
        return [update, { count, mu, nu }];
      }
      const [update, mu, nu, nuMax] = amsgradStep({ ...inputs, nuMax: slot.nuMax }, numbers);
      return [update, { count, mu, nu, nuMax }];
    },
  });
}
