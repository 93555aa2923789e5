import { checkSizes, checkProbabilities, checkNotNegative } from "../check-values.ts";
import { add, mul, ones, type Rank, sub, type Tensor, type Tensor1D, zeros } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { constant } from "../init/constant.ts";
import { initialized } from "../init/initialized.ts";
import { Module } from "../module/module.ts";
import { type Buffer, stateBuffer, type Parameter } from "../module/parameter.ts";
import { updateBuffer } from "../module/training.ts";
import type { HasTorchLayout, TorchLayout } from "../weights/torch-layout.ts";

/** Options for {@link BatchNorm2d} and {@link InstanceNorm2d}. */
export interface ChannelNormOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** The weight of the current batch in the running statistics; Keras' momentum is 1 minus it. Default: 0.1. */
  readonly momentum?: number | null;
  /** Whether to learn a weight and a bias per channel. Default: true for batch norm, false for instance norm. */
  readonly affine?: boolean;
  /**
   * Whether inference uses running statistics rather than those of its input. Default: true for batch norm, false for
   * instance norm.
   */
  readonly trackRunningStats?: boolean;
}

/** The base of batch norm and instance norm. */
export abstract class ChannelNorm extends Module implements HasTorchLayout {
  readonly numFeatures: number;
  readonly eps: number;
  /** `updateBatchNorm` changes it temporarily. */
  momentum: number | null;
  /** `[channel]`, initially 1. */
  readonly weight: Parameter<Rank.R1> | null;
  /** `[channel]`, initially 0. */
  readonly bias: Parameter<Rank.R1> | null;
  /** `[channel]`, initially 0. */
  readonly runningMean: Buffer<Rank.R1> | null;
  /** `[channel]`, initially 1; unbiased. */
  readonly runningVar: Buffer<Rank.R1> | null;
  /** The number of batches in the running statistics; an integer of 64 bits in PyTorch's files. */
  readonly numBatchesTracked: Buffer<Rank.R0> | null;

  constructor(numFeatures: number, options: ChannelNormOptions) {
    super();
    checkOptions(new.target.name, options, ["eps", "momentum", "affine", "trackRunningStats"]);
    const { eps = 1e-5, momentum = 0.1, affine, trackRunningStats } = options;
    const caller = new.target.name;
    checkSizes(caller, { numFeatures });
    checkNotNegative(caller, { eps });
    if (momentum !== null) checkProbabilities(caller, { momentum });
    const shape = [numFeatures];
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? initialized(shape, constant(1)) : null;
    this.bias = affine ? initialized(shape, constant(0)) : null;
    this.runningMean = trackRunningStats ? stateBuffer(constant(0)(shape)) : null;
    this.runningVar = trackRunningStats ? stateBuffer(constant(1)(shape)) : null;
    this.numBatchesTracked = trackRunningStats ? stateBuffer({ data: new Int32Array(1), shape: [] }) : null;
  }

  get torchLayout(): TorchLayout {
    return { numBatchesTracked: { optional: true } }; // files from before PyTorch 0.4.1 lack it
  }
}

/** The name of a norm in errors. */
export function nameOf(layer: ChannelNorm): string {
  return `${layer.constructor.name}(${layer.numFeatures})`;
}

/** The weight and bias of a norm: 1 and 0 if it has none. Call it in a `tidy`. */
export function affineOf({
  numFeatures,
  weight,
  bias,
}: ChannelNorm): readonly [weight: Tensor1D, bias: Tensor1D] {
  return [weight ?? ones([numFeatures]), bias ?? zeros([numFeatures])];
}

/** Updates a running statistic with that of a batch. */
export function mixInto(running: Buffer | null, batch: Tensor, share: number | Tensor): void {
  if (running === null) return;
  updateBuffer(running, (current) => add(mul(current, sub(1, share)), mul(batch, share)));
}
