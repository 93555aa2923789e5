import { add, div, mul, sqrt, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { defineOp } from "../op/define-op.ts";
import { maximum } from "../op/maximum.ts";
import { lerp } from "./lerp.ts";

/** What goes into a step of Adam: tensors of one shape. */
export interface AdamInputs extends Record<string, Tensor> {
  readonly gradient: Tensor;
  readonly parameter: Tensor;
  readonly mu: Tensor;
  readonly nu: Tensor;
}

/** The numbers of a step of Adam. */
export interface AdamNumbers {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  /** `lr / (1 − β₁ᵗ)` */
  readonly stepSize: number;
  /** `√(1 − β₂ᵗ)` */
  readonly correction: number;
  /** λ: the averages see `g + λ θ`. */
  readonly penalty: number;
  /** The part of the parameter that goes, unseen by the averages. */
  readonly decay: number;
}

/**
 * A step of Adam for one parameter, in one kernel where a backend has one. Nothing is trained through it, so it has no
 * gradient.
 */
export const adamStep = defineOp({
  name: "PellucidAdam",
  inputs: { gradient: "float32", parameter: "float32", mu: "float32", nu: "float32" },
  reference(inputs, numbers: AdamNumbers): [update: Tensor, mu: Tensor, nu: Tensor] {
    const [mu, nu] = moments(inputs, numbers);
    return [descend(inputs.parameter, mu, nu, numbers), mu, nu];
  },
});

/** {@link adamStep} that divides by the largest `nu` so far. */
export const amsgradStep = defineOp({
  name: "PellucidAmsgrad",
  caller: "adam",
  inputs: { gradient: "float32", parameter: "float32", mu: "float32", nu: "float32", nuMax: "float32" },
  reference(inputs, numbers: AdamNumbers): [update: Tensor, mu: Tensor, nu: Tensor, nuMax: Tensor] {
    const [mu, nu] = moments(inputs, numbers);
    const nuMax = maximum(inputs.nuMax, nu);
    return [descend(inputs.parameter, mu, nuMax, numbers), mu, nu, nuMax];
  },
});

function moments(inputs: AdamInputs, { beta1, beta2, penalty }: AdamNumbers): [mu: Tensor, nu: Tensor] {
  const { parameter, mu, nu } = inputs;
  const gradient = penalty === 0 ? inputs.gradient : add(inputs.gradient, mul(parameter, penalty));
  return [lerp(mu, gradient, 1 - beta1), add(mul(nu, beta2), mul(square(gradient), 1 - beta2))];
}

function descend(parameter: Tensor, mu: Tensor, nu: Tensor, numbers: AdamNumbers): Tensor {
  const { eps, stepSize, correction, decay } = numbers;
  const update = mul(div(mu, add(div(sqrt(nu), correction), eps)), -stepSize);
  return decay === 0 ? update : sub(update, mul(parameter, decay));
}
