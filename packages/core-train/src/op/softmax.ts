import { mul, softmax as lastAxisSoftmax, sub, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { defineOp } from "./define-op.ts";
import { moveAxis } from "./move-axis.ts";
import { resolveAxis } from "./resolve-axis.ts";

const normalize = defineOp({
  name: "PellucidSoftmax",
  inputs: { x: "float32" },
  reference: ({ x }, { axis }: { axis: number }): Tensor => {
    const last = x.rank - 1;
    return moveAxis(lastAxisSoftmax(moveAxis(x, axis, last)), last, axis);
  },
  gradient: (dy, _, { axis }, y) => ({
    x: () => {
      const weighted = mul(dy, y);
      return sub(weighted, mul(y, sum(weighted, axis, true)));
    },
  }),
});

/**
 * Makes numbers positive and sum to one along an axis: `exp(x) / Σ exp(x)`, as `torch.softmax`.
 *
 * tfjs' own knows the last axis only.
 *
 * @param axis Default: the last.
 * @returns of the shape of `x`
 */
export function softmax<T extends Tensor>(x: T, axis = -1): T {
  const along = resolveAxis("softmax", axis, x);
  return tidy(() => normalize({ x }, { axis: along })) as T;
}
