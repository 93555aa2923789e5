import { checkRng } from "../check-values.ts";
import { add, clone, mul, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { drawn } from "../compile/drawn.ts";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { isTraining } from "../module/training.ts";
import type { Rng } from "../rng/rng.ts";
import type { DropoutOptions } from "./dropout.ts";
import { checkRate, drawKept, type Dropped } from "./draw-kept.ts";
import { checkTensor } from "../check-tensor.ts";

/**
 * Dropout for SELU: sets each element to SELU's lower limit with probability `p`, then scales and shifts all elements, which keeps
 * mean and variance.
 *
 * Klambauer et al., 2017. https://arxiv.org/abs/1706.02515
 *
 * @returns the shape of `x`
 */
export function alphaDropout<X extends Tensor>(x: X, p: number, options: DropoutOptions): X {
  checkTensor("alphaDropout", "x", x);
  checkRng("alphaDropout", options);
  return drop(x, "entries", checkRate("alphaDropout", p), options.rng);
}

/**
 * {@link alphaDropout} of whole channels.
 *
 * @param x `[batch, ..., channel]`
 * @returns the shape of `x`
 */
export function featureAlphaDropout<X extends Tensor>(x: X, p: number, options: DropoutOptions): X {
  checkTensor("featureAlphaDropout", "x", x);
  checkRng("featureAlphaDropout", options);
  return drop(x, "channels", checkRate("featureAlphaDropout", p), options.rng);
}

/** {@link alphaDropout} in training, the identity in inference. */
export class AlphaDropout extends Module implements Layer<Tensor, Tensor> {
  readonly p: number;
  readonly rng: Rng;

  /** @param p the probability of dropping an element; PyTorch's default is 0.5 */
  constructor(p: number, options: DropoutOptions) {
    super();
    checkRng("AlphaDropout", options);
    checkOptions("AlphaDropout", options, ["rng"]);
    this.p = checkRate("AlphaDropout", p);
    this.rng = options.rng;
  }

  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return isTraining(this) ? alphaDropout(x, this.p, this) : clone(x);
  }
}

/** {@link featureAlphaDropout} in training, the identity in inference. */
export class FeatureAlphaDropout extends Module implements Layer<Tensor, Tensor> {
  readonly p: number;
  readonly rng: Rng;

  /** @param p the probability of dropping a channel; PyTorch's default is 0.5 */
  constructor(p: number, options: DropoutOptions) {
    super();
    checkRng("FeatureAlphaDropout", options);
    checkOptions("FeatureAlphaDropout", options, ["rng"]);
    this.p = checkRate("FeatureAlphaDropout", p);
    this.rng = options.rng;
  }

  /**
   * @param x `[batch, ..., channel]`
   * @returns the shape of `x`
   */
  forward<X extends Tensor>(x: X): X {
    return isTraining(this) ? featureAlphaDropout(x, this.p, this) : clone(x);
  }
}

/** Minus the limit of SELU at -∞: its scale times its alpha. */
const limit = 1.7580993408473766;

function drop<X extends Tensor>(x: X, dropped: Dropped, p: number, rng: Rng): X {
  if (p === 0) return clone(x);
  if (p === 1) return mul(x, 0);
  const scale = 1 / Math.sqrt((limit * limit * p + 1) * (1 - p));
  const { shape } = x;
  // One draw makes both tensors: the second follows the first.
  let kept: Float32Array;
  const factors = () => {
    const { data, shape: size } = drawKept(shape, dropped, p, rng);
    kept = data;
    return { data: data.map((k) => k * scale), shape: size };
  };
  return tidy(() => {
    const factor = drawn(factors);
    const shift = drawn(() => ({ data: kept.map((k) => limit * scale * (k - 1 + p)), shape: factor.shape }));
    return add(mul(x, factor), shift);
  });
}
