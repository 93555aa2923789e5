import { clone, engine, Tensor } from "@tensorflow/tfjs-core";
import { checkFunction } from "./check-callable.ts";
import { checkTensor } from "./check-tensor.ts";
import { traceable } from "./trace/traceable.ts";
import { tracing } from "./trace/tracer.ts";

/**
 * Runs `body` unseen by the gradients around it: what it computes counts as constant, as under `torch.no_grad()`. It saves
 * the memory that gradients would hold, and lets ops without a gradient be used.
 */
export function noGrad<T>(body: () => T): T {
  checkFunction("noGrad", "body", body);
  // tfjs records nothing while it is inside a kernel; it has no other way to say so.
  const { state } = engine();
  state.kernelDepth++;
  let result: T;
  try {
    result = body();
  } finally {
    state.kernelDepth--;
  }
  return tracing.tracer !== null && result instanceof Tensor ? (marked(result) as T) : result;
}

/** A copy of `x` that counts as constant, as `x.detach()`. It shares the memory of `x`. */
export function detach<T extends Tensor>(x: T): T {
  checkTensor("detach", "x", x);
  return noGrad(() => clone(x));
}

/** A tensor that a trace shows as detached, where the caller of the trace asks for that. */
function marked(x: Tensor): Tensor {
  return traceable("detach", { x }, {}, () => clone(x));
}
