import {
  mean as average,
  mul,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  tidy,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import type { Layer } from "../module/layer.ts";
import { isTraining } from "../module/training.ts";
import { normalizeWith } from "../op/batch-norm.ts";
import { groupNorm } from "../op/group-norm.ts";
import { checkShape, ShapeError } from "../shape-error.ts";
import { affineOf, ChannelNorm, type ChannelNormOptions, mixInto, nameOf } from "./channel-norm.ts";

/** Options for {@link InstanceNorm2d}. */
export type InstanceNormOptions = ChannelNormOptions;

/**
 * `(x - mean) / √(variance + eps) · weight + bias`, with the mean and variance of each channel of each example.
 *
 * With `trackRunningStats`, inference uses running statistics. PyTorch's count of batches stays 0.
 *
 * Ulyanov et al., 2016. https://arxiv.org/abs/1607.08022
 */
export class InstanceNorm1d extends ChannelNorm implements Layer<Tensor3D, Tensor3D> {
  constructor(numFeatures: number, options: InstanceNormOptions = {}) {
    super(numFeatures, options);
  }

  /**
   * @param x `[batch, time, channel]`
   * @returns the shape of `x`
   */
  forward(x: Tensor3D): Tensor3D {
    checkShape(nameOf(this), "x", x, ["batch", "time", this.numFeatures]);
    return normalize(this, x);
  }
}

/** {@link InstanceNorm1d} for images. */
export class InstanceNorm2d extends ChannelNorm implements Layer<Tensor4D, Tensor4D> {
  constructor(numFeatures: number, options: InstanceNormOptions = {}) {
    super(numFeatures, options);
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns the shape of `x`
   */
  forward(x: Tensor4D): Tensor4D {
    checkShape(nameOf(this), "x", x, ["batch", "height", "width", this.numFeatures]);
    return normalize(this, x);
  }
}

/** {@link InstanceNorm1d} for volumes. */
export class InstanceNorm3d extends ChannelNorm implements Layer<Tensor5D, Tensor5D> {
  constructor(numFeatures: number, options: InstanceNormOptions = {}) {
    super(numFeatures, options);
  }

  /**
   * @param x `[batch, depth, height, width, channel]`
   * @returns the shape of `x`
   */
  forward(x: Tensor5D): Tensor5D {
    checkShape(nameOf(this), "x", x, ["batch", "depth", "height", "width", this.numFeatures]);
    return normalize(this, x);
  }
}

function normalize<X extends Tensor>(layer: ChannelNorm, x: X): X {
  const { numFeatures, eps, momentum, runningMean, runningVar } = layer;
  return tidy(() => {
    const [weight, bias] = affineOf(layer);
    if (runningMean !== null && runningVar !== null && !isTraining(layer)) {
      return normalizeWith(x, runningMean, runningVar, weight, bias, eps);
    }
    const positions = sizeOf(x.shape.slice(1, -1));
    if (positions === 1) {
      throw new ShapeError(
        `${nameOf(layer)}: x is [${x.shape.join(", ")}], expected more than one value per channel. A single value has no variance.`,
      );
    }
    const { y, mean, variance } = groupNorm(x, numFeatures, weight, bias, eps);
    if (isTraining(layer)) {
      const unbiased = mul(variance, positions / (positions - 1));
      mixInto(runningMean, average<Tensor1D>(mean, 0), momentum ?? 0);
      mixInto(runningVar, average<Tensor1D>(unbiased, 0), momentum ?? 0);
    }
    return y;
  });
}
