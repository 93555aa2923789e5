import {
  add,
  equal,
  exp,
  isFinite,
  log,
  max,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  tidy,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { defineOp } from "./define-op.ts";
import { resolveAxes } from "./resolve-axis.ts";

const op = defineOp({
  name: "PellucidLogSumExp",
  inputs: { x: "float32" },
  reference: ({ x }, { axes, keepDims }: { axes: number[]; keepDims: boolean }): Tensor => {
    const largest = max(x, axes, true);
    const shift = where(isFinite(largest), largest, zerosLike(largest));
    const total = add(log(sum(exp(sub(x, shift)), axes, true)), shift);
    return reshape(total, keptShape(x, axes, keepDims));
  },
  gradient: (dy, { x }, { axes }, y) => ({
    x: () => {
      const shape = keptShape(x, axes, true);
      const finite = reshape(y, shape);
      // Where every x is −∞, so is y, and none has a share; ∞ − ∞ is NaN, as in PyTorch.
      const share = exp(sub(x, where(equal(finite, -Infinity), zerosLike(finite), finite)));
      return mul(reshape(dy, shape), share);
    },
  }),
});

/**
 * `log Σ exp(x)` along axes, without overflow, as `torch.logsumexp`. Of nothing but `−∞` it is `−∞`, where tfjs' own is
 * NaN.
 *
 * @param axes Default: all.
 */
export function logSumExp<T extends Tensor>(
  x: Tensor,
  axes?: number | readonly number[],
  keepDims = false,
): T {
  const along = resolveAxes("logSumExp", axes, x);
  return tidy(() => op({ x }, { axes: along, keepDims })) as T;
}

function keptShape(x: Tensor, axes: readonly number[], keepDims: boolean): number[] {
  return x.shape.flatMap((size, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [size]));
}
