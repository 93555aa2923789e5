import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import { valueAndGradients } from "../gradient.ts";
import type { Module } from "../module/module.ts";
import { training } from "../module/training.ts";
import type { Optimizer } from "../optim/optimizer.ts";

/**
 * One training step: the loss, its gradients, and the optimizer's move. Synchronous; when `loss` throws, nothing has
 * changed and nothing is left behind.
 *
 * ```ts
 * const loss = await trainStep(model, optimizer, () => crossEntropy(model.forward(x), y));
 * ```
 *
 * @returns the loss before the move, read back without holding up the next step
 */
export function trainStep(model: Module, optimizer: Optimizer, loss: () => Tensor): Promise<number> {
  const value = tidy(() => {
    const step = training(model, () => valueAndGradients(optimizer.parameters, loss));
    optimizer.step(step.gradients);
    return step.value;
  });
  const reading = read(value);
  reading.catch(() => {}); // whoever awaits the loss sees the error; whoever does not is not to crash
  return reading;
}

async function read(value: Tensor): Promise<number> {
  try {
    return (await value.data())[0] as number;
  } finally {
    value.dispose();
  }
}
