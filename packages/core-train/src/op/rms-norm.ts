import {
  add,
  div,
  mean,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { columnTotal } from "./column-sum.ts";
import { defineOp } from "./define-op.ts";
import { checkTensor } from "../check-tensor.ts";

/** Divides each row by its root mean square. Also returns the reciprocal of the root mean square. */
export const scaleRows = defineOp({
  name: "PellucidRmsNorm",
  inputs: { x: "float32[row, column]", weight: "float32[column]" },
  reference: ({ x, weight }, { eps }: { readonly eps: number }): [y: Tensor2D, rate: Tensor2D] => {
    const rate = rsqrt<Tensor2D>(add(rowMean(square(x)), eps)); // [row, 1]
    return [mul(mul(x, rate), weight), rate];
  },
  gradient: ([dy, dRate], { x, weight }, _, [, rate]) => ({
    x: () => {
      const normal = mul<Tensor2D>(x, rate);
      const gradient = mul<Tensor2D>(dy, weight);
      const along = add(rowMean(mul(gradient, normal)), div(mul(rate, dRate), weight.size)); // [row, 1]
      return mul(sub(gradient, mul(normal, along)), rate);
    },
    weight: () => columnTotal(mul(dy, mul(x, rate))),
  }),
});

/**
 * `x / √(mean(x²) + eps) · weight`, with the mean over the axes that `weight` has, the last ones.
 *
 * Zhang and Sennrich, 2019. https://arxiv.org/abs/1910.07467
 *
 * @param x `[..., ...shape]`
 * @param weight `shape`
 * @param eps Default: the distance from 1 to the next float32 number, as in PyTorch.
 * @returns the shape of `x`
 */
export function rmsNorm<X extends Tensor>(x: X, weight: Tensor, eps = 2 ** -23): X {
  checkTensor("rmsNorm", "x", x);
  checkTensor("rmsNorm", "weight", weight);
  return tidy(() => {
    const columns = weight.size;
    const rows = reshape<Tensor2D["rankType"]>(x, [x.size / columns, columns]);
    const [y] = scaleRows(
      { x: rows, weight: weight.rank === 1 ? (weight as Tensor1D) : reshape(weight, [columns]) },
      { eps },
    );
    return reshape(y, x.shape) as X;
  });
}

function rowMean(x: Tensor2D): Tensor2D {
  return mean(x, 1, true);
}
