import {
  add,
  div,
  mean as average,
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

/** Normalizes each row. Also returns the mean and the reciprocal of the standard deviation of each row. */
export const normalizeRows = defineOp({
  name: "PellucidLayerNorm",
  inputs: { x: "float32[row, column]", weight: "float32[column]", bias: "float32[column]" },
  reference: (
    { x, weight, bias },
    { eps }: { readonly eps: number },
  ): [y: Tensor2D, mean: Tensor2D, rate: Tensor2D] => {
    const mean = rowMean(x); //                                             [row, 1]
    const centered = sub<Tensor2D>(x, mean);
    const rate = rsqrt<Tensor2D>(add(rowMean(square(centered)), eps)); //             [row, 1]
    return [add(mul(mul(centered, rate), weight), bias), mean, rate];
  },
  gradient: ([dy, dMean, dRate], { x, weight }, _, [, mean, rate]) => {
    const inputs = { dy, dMean, dRate, x, weight, mean, rate };
    const [dx, dWeight, dBias] = normalizeRowsGradient(inputs, {});
    return { x: () => dx, weight: () => dWeight, bias: () => dBias };
  },
});

/** The gradients of {@link normalizeRows} at all of its inputs. */
export const normalizeRowsGradient = defineOp({
  name: "PellucidLayerNormGradient",
  inputs: {
    dy: "float32[row, column]",
    dMean: "float32[row, one]",
    dRate: "float32[row, one]",
    x: "float32[row, column]",
    weight: "float32[column]",
    mean: "float32[row, one]",
    rate: "float32[row, one]",
  },
  reference: ({
    dy,
    dMean,
    dRate,
    x,
    weight,
    mean,
    rate,
  }): [dx: Tensor2D, dWeight: Tensor1D, dBias: Tensor1D] => {
    const columns = weight.size;
    const normal = mul<Tensor2D>(sub(x, mean), rate);
    const gradient = mul<Tensor2D>(dy, weight);
    const level = sub(rowMean(gradient), div(dMean, mul(rate, columns))); //  [row, 1]
    const along = add(rowMean(mul(gradient, normal)), div(mul(rate, dRate), columns)); //  [row, 1]
    const dx = mul<Tensor2D>(sub(sub(gradient, level), mul(normal, along)), rate);
    return [dx, columnTotal(mul(dy, normal)), columnTotal(dy)];
  },
  gradient: "reference",
});

/**
 * `(x - mean) / √(variance + eps) · weight + bias`, with the mean and the biased variance of each example over the axes that
 * `weight` has, the last ones.
 *
 * Ba et al., 2016. https://arxiv.org/abs/1607.06450
 *
 * @param x `[..., ...shape]`
 * @param weight `shape`
 * @param bias `shape`
 * @returns the shape of `x`
 */
export function layerNorm<X extends Tensor>(x: X, weight: Tensor, bias: Tensor, eps = 1e-5): X {
  checkTensor("layerNorm", "x", x);
  checkTensor("layerNorm", "weight", weight);
  checkTensor("layerNorm", "bias", bias);
  return tidy(() => {
    const [y] = normalizeRows({ x: toRows(x, weight.size), weight: flat(weight), bias: flat(bias) }, { eps });
    return reshape(y, x.shape) as X;
  });
}

/** `[..., size of the last axes]` -> `[row, column]` */
function toRows(x: Tensor, columns: number): Tensor2D {
  return reshape<Tensor2D["rankType"]>(x, [x.size / columns, columns]);
}

function flat(x: Tensor): Tensor1D {
  if (x.rank === 1) return x as Tensor1D;
  return reshape<Tensor1D["rankType"]>(x, [x.size]);
}

function rowMean(x: Tensor2D): Tensor2D {
  return average(x, 1, true);
}
