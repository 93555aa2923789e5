import { Tensor } from "@tensorflow/tfjs-core";
import { valueAndGradients } from "../gradient.ts";
import { checkOnHost } from "../compile/check-on-host.ts";
import type { Module } from "../module/module.ts";
import { training } from "../module/training.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { disposeLeaves } from "../struct/dispose-leaves.ts";
import { keepLeaves, releaseLeaves } from "../struct/keep-leaves.ts";
import type { Structured } from "../struct/struct.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import { checkLoss } from "./loss.ts";
import { NonFiniteLossError } from "./non-finite-loss-error.ts";
import { readNumber } from "./read-number.ts";

/** A loss, and whatever else is to survive the step: a recurrent state, an output to show. */
export interface LossAndKept {
  readonly loss: Tensor;
}

/** What {@link trainStep} returns for a record: the loss before the update, and the rest of the record. */
export type StepResult<Result> = { readonly loss: Promise<number> } & Omit<Result, "loss">;

/**
 * One training step: the loss, its gradients, and the optimizer's update. Synchronous; when `loss` throws, nothing has
 * changed and no tensor leaks.
 *
 * ```ts
 * const loss = await trainStep(model, optimizer, () => crossEntropy(model.forward(x), y));
 * ```
 *
 * Where `loss` returns a record, every tensor of it but the `loss` survives the step and is the caller's to free. It is detached: in
 * the next step it is a constant. So a state is carried from step to step (truncated back-propagation through time):
 *
 * ```ts
 * const step = trainStep(model, optimizer, () => {
 *   const { output, state: next } = model.step(x, state);
 *   return { loss: crossEntropy(output, y), state: next };
 * });
 * disposeLeaves(state);
 * state = step.state; //         at once
 * console.log(await step.loss); // when it is computed
 * ```
 *
 * @returns the loss before the update, read back without holding up the next step
 * @throws TypeError where `loss` is asynchronous or does not return a tensor
 * @throws StructError where the record holds what is not a structure
 * @throws NonFiniteLossError when the loss is NaN or infinite, on CPU and WASM, where it can be read before the step; on a GPU the promise
 * gives that loss, and the weights are lost
 */
export function trainStep(model: Module, optimizer: Optimizer, loss: () => Tensor): Promise<number>;
export function trainStep<Result extends LossAndKept & Structured<Result>>(
  model: Module,
  optimizer: Optimizer,
  loss: () => Result,
): StepResult<Result>;
export function trainStep(
  model: Module,
  optimizer: Optimizer,
  loss: () => Tensor | LossAndKept,
): Promise<number> | StepResult<LossAndKept> {
  const kept: object[] = [];
  const keepRest = (result: Tensor | LossAndKept): Tensor => {
    if (result instanceof Tensor || result instanceof Promise || typeof result !== "object") {
      checkLoss("trainStep", result);
      checkFinite(result);
      return result;
    }
    const { loss: value, ...rest } = result;
    checkLoss("trainStep", value);
    checkFinite(value);
    kept.push(keepLeaves(rest));
    return value;
  };
  try {
    const value = tidyLeaves(() => {
      const step = training(model, () => valueAndGradients(optimizer.parameters, () => keepRest(loss())));
      optimizer.step(step.gradients);
      return step.value;
    });
    const reading = readNumber(value);
    reading.catch(() => {}); // a caller who awaits the loss sees the error; one who does not must not crash
    const [rest] = kept.splice(0);
    return rest === undefined ? reading : { ...releaseLeaves(rest), loss: reading };
  } finally {
    disposeLeaves(kept);
  }
}

/** Where the loss can be read at once, a step that would ruin the weights is not taken. */
function checkFinite(loss: Tensor): void {
  checkOnHost(loss, (values) => {
    const value = values[0] ?? 0;
    if (!Number.isFinite(value)) throw new NonFiniteLossError(value);
  });
}
