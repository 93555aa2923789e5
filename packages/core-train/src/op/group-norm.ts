import {
  add,
  div,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  tile,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { detach } from "../no-grad.ts";
import { columnSum } from "./column-sum.ts";
import { defineOp } from "./define-op.ts";

interface Attributes {
  readonly groups: number;
  readonly eps: number;
}

const op = defineOp({
  name: "PellucidGroupNorm",
  inputs: { x: "float32[batch, position, channel]", weight: "float32[channel]", bias: "float32[channel]" },
  reference: (
    { x, weight, bias },
    { groups, eps }: Attributes,
  ): [y: Tensor3D, mean: Tensor2D, variance: Tensor2D] => {
    const channels = x.shape[2];
    const mean = groupMean(x, groups); //                                            [batch, group]
    const centered = sub<Tensor3D>(x, toChannels(mean, channels));
    const variance = groupMean(square(centered), groups); //                         [batch, group]
    const scale = mul(toChannels(rsqrt(add(variance, eps)), channels), weight); //   [batch, 1, channel]
    return [add(mul(centered, scale), bias), mean, variance];
  },
  gradient: ([dy, dMean, dVariance], { x, weight }, { groups, eps }, [, mean, variance]) => {
    const [, positions, channels] = x.shape;
    const size = (positions * channels) / groups;
    const normalized = () => {
      const rate = rsqrt<Tensor2D>(add(variance, eps)); //                           [batch, group]
      const centered = sub<Tensor3D>(x, toChannels(mean, channels));
      return { rate, normal: mul<Tensor3D>(centered, toChannels(rate, channels)) };
    };
    return {
      x: () => {
        const { rate, normal } = normalized();
        const gradient = mul<Tensor3D>(dy, weight);
        const level = sub<Tensor2D>(groupMean(gradient, groups), div(dMean, mul(rate, size)));
        const curve = div(mul(dVariance, 2), mul(square(rate), size));
        const along = sub<Tensor2D>(groupMean(mul(gradient, normal), groups), curve);
        const bent = mul(normal, toChannels(along, channels));
        return mul(sub(sub(gradient, toChannels(level, channels)), bent), toChannels(rate, channels));
      },
      weight: () => sum(columnSum(mul(dy, normalized().normal)), 0),
      bias: () => sum(columnSum(dy), 0),
    };
  },
});

/** What {@link groupNorm} normalized with. */
export interface GroupNormResult<X extends Tensor> {
  /** Of the shape of `x`. */
  readonly y: X;
  /** `[batch, group]`, a constant for gradients. */
  readonly mean: Tensor2D;
  /** `[batch, group]`, biased: divided by the count. A constant for gradients. */
  readonly variance: Tensor2D;
}

/**
 * `(x - mean) / √(variance + eps) · weight + bias`, with the mean and variance of each example over each of `groups`
 * consecutive parts of its channels.
 *
 * Wu and He, 2018. https://arxiv.org/abs/1803.08494
 *
 * @param x `[batch, ..., channel]`
 * @param weight `[channel]`
 * @param bias `[channel]`
 */
export function groupNorm<X extends Tensor>(
  x: X,
  groups: number,
  weight: Tensor1D,
  bias: Tensor1D,
  eps: number,
): GroupNormResult<X> {
  const [batch = 1] = x.shape;
  const channels = weight.size;
  return tidy(() => {
    const tables = reshape<Tensor3D["rankType"]>(x, [batch, sizeOf(x.shape.slice(1, -1)), channels]);
    const [y, mean, variance] = op({ x: tables, weight, bias }, { groups, eps });
    return { y: reshape(y, x.shape) as X, mean: detach(mean), variance: detach(variance) };
  });
}

/** `[batch, position, channel]` -> `[batch, group]` */
function groupMean(x: Tensor3D, groups: number): Tensor2D {
  const [batch, positions, channels] = x.shape;
  const size = channels / groups;
  const grouped = reshape(columnSum(x), [batch, groups, size]);
  return div(sum(grouped, 2), positions * size);
}

/** `[batch, group]` -> `[batch, 1, channel]`, each number for all channels of its group */
function toChannels(x: Tensor2D, channels: number): Tensor3D {
  const [batch, groups] = x.shape;
  const repeated = tile(reshape(x, [batch, groups, 1]), [1, 1, channels / groups]);
  return reshape<Tensor3D["rankType"]>(repeated, [batch, 1, channels]);
}
