import { checkRng } from "../check-values.ts";
import { clone, type Tensor, type Tensor3D, type Tensor4D, type Tensor5D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { isTraining } from "../module/training.ts";
import type { Rng } from "../rng/rng.ts";
import { checkShape } from "../shape-error.ts";
import { drop, type DropoutOptions } from "./dropout.ts";
import { checkRate } from "./draw-kept.ts";
import { checkTensor } from "../check-tensor.ts";

/**
 * {@link dropout} of whole channels, since neighboring elements of a channel are strongly correlated.
 *
 * Tompson et al., 2015. https://arxiv.org/abs/1411.4280
 *
 * @param x `[batch, ..., channel]`
 * @returns the shape of `x`
 */
export function featureDropout<X extends Tensor>(x: X, p: number, options: DropoutOptions): X {
  checkTensor("featureDropout", "x", x);
  checkRng("featureDropout", options);
  return drop(x, "channels", checkRate("featureDropout", p), options.rng);
}

/** {@link featureDropout} of sequences in training, the identity in inference. */
export class Dropout1d extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly p: number;
  readonly rng: Rng;

  /** @param p the probability of zeroing a channel; PyTorch's default is 0.5 */
  constructor(p: number, options: DropoutOptions) {
    super();
    checkRng("Dropout1d", options);
    checkOptions("Dropout1d", options, ["rng"]);
    this.p = checkRate("Dropout1d", p);
    this.rng = options.rng;
  }

  /**
   * @param x `[batch, time, channel]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D): Tensor3D {
    checkShape("Dropout1d", "x", x, ["batch", "time", "channel"]);
    return isTraining(this) ? featureDropout(x, this.p, this) : clone(x);
  }
}

/** {@link featureDropout} of images in training, the identity in inference. */
export class Dropout2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly p: number;
  readonly rng: Rng;

  /** @param p the probability of zeroing a channel; PyTorch's default is 0.5 */
  constructor(p: number, options: DropoutOptions) {
    super();
    checkRng("Dropout2d", options);
    checkOptions("Dropout2d", options, ["rng"]);
    this.p = checkRate("Dropout2d", p);
    this.rng = options.rng;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns the shape of `x`
   */
  forward(x: Tensor4D): Tensor4D {
    checkShape("Dropout2d", "x", x, ["batch", "height", "width", "channel"]);
    return isTraining(this) ? featureDropout(x, this.p, this) : clone(x);
  }
}

/** {@link featureDropout} of volumes in training, the identity in inference. */
export class Dropout3d extends Module implements Layer<Tensor5D, Tensor5D> {
  readonly p: number;
  readonly rng: Rng;

  /** @param p the probability of zeroing a channel; PyTorch's default is 0.5 */
  constructor(p: number, options: DropoutOptions) {
    super();
    checkRng("Dropout3d", options);
    checkOptions("Dropout3d", options, ["rng"]);
    this.p = checkRate("Dropout3d", p);
    this.rng = options.rng;
  }

  /**
   * @param x `[batch, depth, height, width, channel]`
   * @returns the shape of `x`
   */
  forward(x: Tensor5D): Tensor5D {
    checkShape("Dropout3d", "x", x, ["batch", "depth", "height", "width", "channel"]);
    return isTraining(this) ? featureDropout(x, this.p, this) : clone(x);
  }
}
