import { exp, log, max, mul, sub, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { defineOp } from "./define-op.ts";
import { resolveAxis } from "./resolve-axis.ts";

const normalize = defineOp({
  name: "PellucidLogSoftmax",
  inputs: { x: "float32" },
  reference: ({ x }, { axis }: { axis: number }): Tensor => {
    const shifted = sub(x, max(x, axis, true));
    return sub(shifted, log(sum(exp(shifted), axis, true)));
  },
  gradient: (dy, _, { axis }, y) => ({ x: () => sub(dy, mul(exp(y), sum(dy, axis, true))) }),
});

/**
 * The logarithm of {@link softmax}, without its underflow: `x − log Σ exp(x)`, as `torch.log_softmax`.
 *
 * tfjs' own knows the last axis only.
 *
 * @param axis Default: the last.
 * @returns of the shape of `x`
 */
export function logSoftmax<T extends Tensor>(x: T, axis = -1): T {
  const along = resolveAxis("logSoftmax", axis, x);
  return tidy(() => normalize({ x }, { axis: along })) as T;
}
