import {
  add,
  batchNorm as affine,
  div,
  mul,
  reshape,
  rsqrt,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { detach } from "../no-grad.ts";
import { columnTotal } from "./column-sum.ts";
import { defineOp } from "./define-op.ts";

/** Normalizes each column. Also returns the mean and the biased variance of each column. */
export const normalizeColumns = defineOp({
  name: "PellucidBatchNorm",
  inputs: { x: "float32[row, channel]", weight: "float32[channel]", bias: "float32[channel]" },
  reference: (
    { x, weight, bias },
    { eps }: { readonly eps: number },
  ): [y: Tensor2D, mean: Tensor1D, variance: Tensor1D] => {
    const mean = columnMean(x); //                                                [channel]
    const centered = sub<Tensor2D>(x, mean);
    const variance = columnMean(square(centered)); //                             [channel]
    const scale = mul(weight, rsqrt(add(variance, eps)));
    return [add(mul(centered, scale), bias), mean, variance];
  },
  gradient: ([dy, dMean, dVariance], { x, weight }, { eps }, [, mean, variance]) => {
    const inputs = { dy, dMean, dVariance, x, weight, mean, variance };
    const [dx, dWeight, dBias] = normalizeColumnsGradient(inputs, { eps });
    return { x: () => dx, weight: () => dWeight, bias: () => dBias };
  },
});

/** The gradients of {@link normalizeColumns} at all of its inputs. */
export const normalizeColumnsGradient = defineOp({
  name: "PellucidBatchNormGradient",
  inputs: {
    dy: "float32[row, channel]",
    dMean: "float32[channel]",
    dVariance: "float32[channel]",
    x: "float32[row, channel]",
    weight: "float32[channel]",
    mean: "float32[channel]",
    variance: "float32[channel]",
  },
  reference: (
    { dy, dMean, dVariance, x, weight, mean, variance },
    { eps }: { readonly eps: number },
  ): [dx: Tensor2D, dWeight: Tensor1D, dBias: Tensor1D] => {
    const { deviation, dWeight, dBias } = columnGradients(dy, x, mean, variance, eps);
    const rows = x.shape[0];
    const rate = div<Tensor1D>(weight, deviation); //                                     [channel]
    const atVariance = sub(mul(dVariance, 2), div(mul(rate, dWeight), deviation));
    const constant = div(sub(dMean, mul(rate, dBias)), rows);
    const centered = mul(sub(x, mean), div(atVariance, rows));
    return [add(add(mul(dy, rate), centered), constant), dWeight, dBias];
  },
  gradient: "reference",
});

const byStatistics = defineOp({
  name: "PellucidBatchNormInference",
  caller: "batchNorm",
  inputs: {
    x: "float32[row, channel]",
    weight: "float32[channel]",
    bias: "float32[channel]",
    mean: "float32[channel]",
    variance: "float32[channel]",
  },
  reference: ({ x, weight, bias, mean, variance }, { eps }: { readonly eps: number }): Tensor2D =>
    affine(x, mean, variance, bias, weight, eps) as Tensor2D,
  gradient: (dy, { x, weight, mean, variance }, { eps }) => ({
    x: () => mul(dy, mul(weight, rsqrt(add(variance, eps)))),
    weight: () => columnGradients(dy, x, mean, variance, eps).dWeight,
    bias: () => columnTotal(dy),
  }),
});

/** What {@link batchNorm} normalized with. */
export interface BatchNormResult<X extends Tensor> {
  /** Of the shape of `x`. */
  readonly y: X;
  /** `[channel]`, a constant for gradients. */
  readonly mean: Tensor1D;
  /** `[channel]`, biased: divided by the count. A constant for gradients. */
  readonly variance: Tensor1D;
}

/**
 * `(x - mean) / √(variance + eps) · weight + bias`, with the mean and variance of each channel over the whole batch.
 *
 * Ioffe and Szegedy, 2015. https://arxiv.org/abs/1502.03167
 *
 * @param x `[..., channel]`
 * @param weight `[channel]`
 * @param bias `[channel]`
 */
export function batchNorm<X extends Tensor>(
  x: X,
  weight: Tensor1D,
  bias: Tensor1D,
  eps: number,
): BatchNormResult<X> {
  return tidy(() => {
    const [y, mean, variance] = normalizeColumns({ x: toRows(x), weight, bias }, { eps });
    return { y: reshape(y, x.shape) as X, mean: detach(mean), variance: detach(variance) };
  });
}

/**
 * {@link batchNorm} with given statistics, which count as constants.
 *
 * @param x `[..., channel]`
 * @param mean `[channel]`
 * @param variance `[channel]`
 * @returns the shape of `x`
 */
export function normalizeWith<X extends Tensor>(
  x: X,
  mean: Tensor1D,
  variance: Tensor1D,
  weight: Tensor1D,
  bias: Tensor1D,
  eps: number,
): X {
  return tidy(() => {
    const y = byStatistics({ x: toRows(x), weight, bias, mean, variance }, { eps });
    return reshape(y, x.shape) as X;
  });
}

/** `[..., channel]` -> `[row, channel]` */
function toRows(x: Tensor): Tensor2D {
  const channels = x.shape.at(-1) ?? 1;
  return reshape<Tensor2D["rankType"]>(x, [x.size / channels, channels]);
}

/** `[row, channel]` -> `[channel]` */
function columnMean(x: Tensor2D): Tensor1D {
  return div(columnTotal(x), x.shape[0]);
}

/** What the gradients with respect to all inputs need, `[channel]` each. */
function columnGradients(dy: Tensor2D, x: Tensor2D, mean: Tensor1D, variance: Tensor1D, eps: number) {
  return tidy(() => {
    const deviation = sqrt(add(variance, eps));
    return {
      deviation,
      dWeight: div<Tensor1D>(columnTotal(mul(dy, sub(x, mean))), deviation),
      dBias: columnTotal(dy),
    };
  });
}
