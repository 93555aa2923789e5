import {
  add,
  cast,
  div,
  mul,
  scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  type Tensor5D,
  tidy,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import type { Layer } from "../module/layer.ts";
import { isTraining, updateBuffer } from "../module/training.ts";
import { batchNorm, normalizeWith } from "../op/batch-norm.ts";
import { checkShape, ShapeError } from "../shape-error.ts";
import { affineOf, ChannelNorm, type ChannelNormOptions, mixInto, nameOf } from "./channel-norm.ts";

/** Options for {@link BatchNorm2d}. With `momentum: null`, the running statistics are the plain average over all batches. */
export type BatchNormOptions = ChannelNormOptions;

/**
 * `(x - mean) / √(variance + eps) · weight + bias`, with the mean and variance of each channel.
 *
 * In training they are computed from the batch, over all examples and spatial positions. Inference uses running statistics, which are
 * updated when a training step succeeds. As in PyTorch, the batch is normalized with the biased variance, and the unbiased variance
 * enters the running statistics.
 *
 * Ioffe and Szegedy, 2015. https://arxiv.org/abs/1502.03167
 */
export class BatchNorm1d extends ChannelNorm implements Layer<Tensor2D | Tensor3D, Tensor2D | Tensor3D> {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super(numFeatures, { affine: true, trackRunningStats: true, ...options });
  }

  /**
   * @param x `[batch, channel]` or `[batch, time, channel]`
   * @returns the shape of `x`
   */
  forward<X extends Tensor2D | Tensor3D>(x: X): X {
    const shape = x.rank === 3 ? ["batch", "time", this.numFeatures] : ["batch", this.numFeatures];
    checkShape(nameOf(this), "x", x, shape);
    return normalize(this, x);
  }
}

/** {@link BatchNorm1d} for images. */
export class BatchNorm2d extends ChannelNorm implements Layer<Tensor4D, Tensor4D> {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super(numFeatures, { affine: true, trackRunningStats: true, ...options });
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

/** {@link BatchNorm1d} for volumes. */
export class BatchNorm3d extends ChannelNorm implements Layer<Tensor5D, Tensor5D> {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super(numFeatures, { affine: true, trackRunningStats: true, ...options });
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
  const { eps, runningMean, runningVar } = layer;
  return tidy(() => {
    const [weight, bias] = affineOf(layer);
    if (runningMean !== null && runningVar !== null && !isTraining(layer)) {
      return normalizeWith(x, runningMean, runningVar, weight, bias, eps);
    }
    const count = sizeOf(x.shape.slice(0, -1));
    if (count === 1) {
      throw new ShapeError(
        `${nameOf(layer)}: x is [${x.shape.join(", ")}], expected more than one value per channel in training. Use larger batches.`,
      );
    }
    const { y, mean, variance } = batchNorm(x, weight, bias, eps);
    if (isTraining(layer)) updateStatistics(layer, mean, mul(variance, count / (count - 1)));
    return y;
  });
}

/** @param variance unbiased */
function updateStatistics(layer: ChannelNorm, mean: Tensor1D, variance: Tensor1D): void {
  const { runningMean, runningVar, numBatchesTracked, momentum } = layer;
  if (numBatchesTracked === null) return;
  updateBuffer(numBatchesTracked, (tracked) => {
    const count = add(tracked, scalar(1, "int32"));
    const share = momentum ?? div(1, cast(count, "float32"));
    mixInto(runningMean, mean, share);
    mixInto(runningVar, variance, share);
    return count;
  });
}
