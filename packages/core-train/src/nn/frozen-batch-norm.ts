import { checkSizes, checkNotNegative } from "../check-values.ts";
import { add, mul, type Rank, rsqrt, sub, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { type Buffer, stateBuffer } from "../module/parameter.ts";
import { checkShape } from "../shape-error.ts";
import type { HasTorchLayout, TorchLayout } from "../weights/torch-layout.ts";

/** Options for {@link FrozenBatchNorm2d}. */
export interface FrozenBatchNormOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
}

/**
 * Batch norm whose statistics, weight and bias are constants: `(x − mean) / √(variance + eps) · weight + bias`, also in training.
 * Detectors use it where batches are too small for statistics.
 *
 * torchvision's `ops.FrozenBatchNorm2d`, with its names; it loads the weights of a `BatchNorm2d`.
 */
export class FrozenBatchNorm2d extends Module implements Layer<Tensor4D, Tensor4D>, HasTorchLayout {
  readonly numFeatures: number;
  readonly eps: number;
  /** `[channel]`, initially 1. */
  readonly weight: Buffer<Rank.R1>;
  /** `[channel]`, initially 0. */
  readonly bias: Buffer<Rank.R1>;
  /** `[channel]`, initially 0. */
  readonly runningMean: Buffer<Rank.R1>;
  /** `[channel]`, initially 1. */
  readonly runningVar: Buffer<Rank.R1>;

  constructor(numFeatures: number, options: FrozenBatchNormOptions = {}) {
    super();
    checkOptions("FrozenBatchNorm2d", options, ["eps"]);
    const { eps = 1e-5 } = options;
    checkSizes("FrozenBatchNorm2d", { numFeatures });
    checkNotNegative("FrozenBatchNorm2d", { eps });
    const all = (value: number): Buffer<Rank.R1> =>
      stateBuffer({ data: new Float32Array(numFeatures).fill(value), shape: [numFeatures] });
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.weight = all(1);
    this.bias = all(0);
    this.runningMean = all(0);
    this.runningVar = all(1);
  }

  get torchLayout(): TorchLayout {
    return { numBatchesTracked: { ignored: true } };
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns the same shape
   */
  forward(x: Tensor4D): Tensor4D {
    checkShape(`FrozenBatchNorm2d(${this.numFeatures})`, "x", x, [
      "batch",
      "height",
      "width",
      this.numFeatures,
    ]);
    return tidy(() => {
      const scale = mul(this.weight, rsqrt(add(this.runningVar, this.eps))); // [channel]
      const shift = sub(this.bias, mul(this.runningMean, scale)); // [channel]
      return add(mul(x, scale), shift);
    });
  }
}
