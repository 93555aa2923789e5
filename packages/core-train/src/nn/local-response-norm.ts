import { checkSizes, checkFinite } from "../check-values.ts";
import {
  add,
  buffer,
  mul,
  pow,
  reshape,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { defineOp } from "../op/define-op.ts";
import { checkShape } from "../shape-error.ts";
import { matMul } from "../op/mat-mul.ts";

/** Options for {@link localResponseNorm}. */
export interface LocalResponseNormOptions {
  /** Default: 1e-4. */
  readonly alpha?: number;
  /** Default: 0.75. */
  readonly beta?: number;
  /** Default: 1. */
  readonly k?: number;
}

/** The parameters of the formula, and the number of channels before and after a channel in its window. */
interface Attributes extends Required<LocalResponseNormOptions> {
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

const op = defineOp({
  name: "PellucidLocalResponseNorm",
  inputs: { x: "float32[row, channel]" },
  reference: ({ x }, attributes: Attributes): Tensor2D =>
    mul(x, pow(energy(x, attributes), -attributes.beta)),
  gradient: (dy, { x }, attributes) => ({
    x: () => {
      const { size, alpha, beta } = attributes;
      const around = energy(x, attributes);
      const reach = mul<Tensor2D>(mul(dy, x), pow(around, -beta - 1));
      const back = matMul(reach, neighbors(x.shape[1], attributes), false, true);
      return sub(mul(dy, pow(around, -beta)), mul(mul(x, back), (2 * alpha * beta) / size));
    },
  }),
});

/**
 * `x / (k + alpha / size · Σ x²)^beta`, with the sum over `size` neighboring channels, half of them before the channel.
 *
 * Krizhevsky et al., 2012, chapter 3.3. There, and in tfjs, alpha is not divided by `size`.
 * https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html
 *
 * @param x `[batch, ..., channel]`
 * @returns the shape of `x`
 */
export function localResponseNorm<X extends Tensor>(
  x: X,
  size: number,
  { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseNormOptions = {},
): X {
  checkShape("localResponseNorm", "x", x, ["...", "channel"]);
  const before = Math.floor(size / 2);
  return normalizeAcrossChannels(x, { size, before, after: size - 1 - before, alpha, beta, k });
}

/** `x / (k + alpha / size · Σ x²)^beta`, with the sum over the channels from `before` a channel to `after` it. */
export function normalizeAcrossChannels<X extends Tensor>(x: X, attributes: Attributes): X {
  const channels = x.shape.at(-1) ?? 0;
  return tidy(() => {
    const rows = reshape<Tensor2D["rankType"]>(x, [x.size / channels, channels]); //  [row, channel]
    return reshape(op({ x: rows }, attributes), x.shape) as X;
  });
}

/** {@link localResponseNorm} as a layer. */
export class LocalResponseNorm extends Module implements Layer<Tensor, Tensor> {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(size: number, options: LocalResponseNormOptions = {}) {
    super();
    checkOptions("LocalResponseNorm", options, ["alpha", "beta", "k"]);
    const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
    checkSizes("LocalResponseNorm", { size });
    checkFinite("LocalResponseNorm", { alpha, beta, k });
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  /**
   * @param x `[batch, ..., channel]`
   * @returns the shape of `x`
   */
  forward<X extends Tensor>(x: X): X {
    checkShape(`LocalResponseNorm(${this.size})`, "x", x, ["...", "channel"]);
    return localResponseNorm(x, this.size, this);
  }
}

/** `k + alpha / size · Σ x²` */
function energy(x: Tensor2D, attributes: Attributes): Tensor2D {
  const { size, alpha, k } = attributes;
  return add(mul(matMul(square(x), neighbors(x.shape[1], attributes)), alpha / size), k);
}

/** `[channel, channel]`: 1 where the first channel is in the window of the second. */
function neighbors(channels: number, { before, after }: Attributes): Tensor2D {
  const band = buffer<Tensor2D["rankType"]>([channels, channels]);
  for (let to = 0; to < channels; to++) {
    const end = Math.min(channels, to + after + 1);
    for (let from = Math.max(0, to - before); from < end; from++) band.set(1, from, to);
  }
  return band.toTensor();
}
