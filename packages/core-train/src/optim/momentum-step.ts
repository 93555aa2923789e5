import { add, mul, type Tensor } from "@tensorflow/tfjs-core";
import { defineOp } from "../op/define-op.ts";

/** What goes into a step with momentum: tensors of one shape. */
export interface MomentumInputs extends Record<string, Tensor> {
  readonly gradient: Tensor;
  readonly parameter: Tensor;
  readonly momentum: Tensor;
}

/** The numbers of a step with momentum. */
export interface MomentumNumbers {
  /** How much the velocity keeps of itself. */
  readonly keep: number;
  /** How much of the gradient it takes up. */
  readonly take: number;
  readonly nesterov: boolean;
  readonly learningRate: number;
  /** The weight of an L2 penalty. */
  readonly penalty: number;
}

/**
 * A step of gradient descent with momentum for one parameter, in one kernel where a backend has one. Nothing is trained
 * through it, so it has no gradient.
 */
export const momentumStep = defineOp({
  name: "PellucidMomentum",
  caller: "sgd",
  inputs: { gradient: "float32", parameter: "float32", momentum: "float32" },
  reference(
    inputs,
    { keep, take, nesterov, learningRate, penalty }: MomentumNumbers,
  ): [update: Tensor, momentum: Tensor] {
    const { parameter } = inputs;
    const gradient = penalty === 0 ? inputs.gradient : add(inputs.gradient, mul(parameter, penalty));
    const momentum = add(mul(inputs.momentum, keep), take === 1 ? gradient : mul(gradient, take));
    const direction = nesterov ? add(gradient, mul(momentum, keep)) : momentum;
    return [mul(direction, -learningRate), momentum];
  },
});
