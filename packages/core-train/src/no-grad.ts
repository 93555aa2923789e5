import { clone, engine, type Tensor } from "@tensorflow/tfjs-core";
import { checkFunction } from "./check-callable.ts";
import { checkTensor } from "./check-tensor.ts";

/**
 * Runs `body` unseen by the gradients around it: what it computes counts as constant, as under `torch.no_grad()`. It saves
 * the memory that gradients would hold, and lets ops without a gradient be used.
 */
export function noGrad<T>(body: () => T): T {
  checkFunction("noGrad", "body", body);
  // tfjs records nothing while it is inside a kernel; it has no other way to say so.
  const { state } = engine();
  state.kernelDepth++;
  try {
    return body();
  } finally {
    state.kernelDepth--;
  }
}

/** A copy of `x` that counts as constant, as `x.detach()`. It shares the memory of `x`. */
export function detach<T extends Tensor>(x: T): T {
  checkTensor("detach", "x", x);
  return noGrad(() => clone(x));
}
