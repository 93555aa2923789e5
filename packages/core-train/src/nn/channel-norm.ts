import { add, mul, ones, type Rank, sub, type Tensor, type Tensor1D, zeros } from "@tensorflow/tfjs-core";
import { constant } from "../init/constant.ts";
import { initialized } from "../init/initialized.ts";
import { Module } from "../module/module.ts";
import { type Buffer, stateBuffer, type Parameter } from "../module/parameter.ts";
import { updateBuffer } from "../module/training.ts";
import type { HasTorchLayout, TorchLayout } from "../weights/torch-layout.ts";

/** How a norm with statistics per channel works. */
export interface ChannelNormOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** The weight of a batch in the running statistics; in Keras, of the past. Default: 0.1. */
  readonly momentum?: number | null;
  /** Whether there is a weight and a bias per channel. Default: true for batch norm, false for instance norm. */
  readonly affine?: boolean;
  /**
   * Whether inference uses running statistics rather than those of its input. Default: true for batch norm, false for
   * instance norm.
   */
  readonly trackRunningStats?: boolean;
}

/** What batch norm and instance norm hold. */
export abstract class ChannelNorm extends Module implements HasTorchLayout {
  readonly numFeatures: number;
  readonly eps: number;
  /** May be changed: `updateBatchNorm` does. */
  momentum: number | null;
  /** `[channel]`, from 1. */
  readonly weight: Parameter<Rank.R1> | null;
  /** `[channel]`, from 0. */
  readonly bias: Parameter<Rank.R1> | null;
  /** `[channel]`, from 0. */
  readonly runningMean: Buffer<Rank.R1> | null;
  /** `[channel]`, from 1; unbiased. */
  readonly runningVar: Buffer<Rank.R1> | null;
  /** How many batches the running statistics have seen; 64 bits in PyTorch's files. */
  readonly numBatchesTracked: Buffer<Rank.R0> | null;

  constructor(numFeatures: number, options: ChannelNormOptions) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine, trackRunningStats } = options;
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

/** What a norm is called in errors. */
export function nameOf(layer: ChannelNorm): string {
  return `${layer.constructor.name}(${layer.numFeatures})`;
}

/** The weight and bias of a norm: 1 and 0 where it has none. To be called in a `tidy`. */
export function affineOf({
  numFeatures,
  weight,
  bias,
}: ChannelNorm): readonly [weight: Tensor1D, bias: Tensor1D] {
  return [weight ?? ones([numFeatures]), bias ?? zeros([numFeatures])];
}

/** Mixes a statistic of a batch into the running one. */
export function mixInto(running: Buffer | null, batch: Tensor, share: number | Tensor): void {
  if (running === null) return;
  updateBuffer(running, (past) => add(mul(past, sub(1, share)), mul(batch, share)));
}
