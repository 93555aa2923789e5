import { checkSizes, checkProbabilities, checkRng } from "../../check-values.ts";
import { add, type Rank, slice, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../../check-options.ts";
import type { HostTensor } from "../../host-tensor.ts";
import type { Layer } from "../../module/layer.ts";
import { Module } from "../../module/module.ts";
import { type Buffer, stateBuffer } from "../../module/parameter.ts";
import type { Rng } from "../../rng/rng.ts";
import { checkShape } from "../../shape-error.ts";
import { Dropout } from "../dropout.ts";
import { checkContextLength } from "./context-length-error.ts";

/** Options for {@link SinusoidalPositions}. */
export interface SinusoidalPositionsOptions {
  /** Random generator for dropout. */
  readonly rng: Rng;
  /** The longest sequence. Default: 5000. */
  readonly maxLen?: number;
  /** The probability of dropout in training. Default: 0.1. */
  readonly dropout?: number;
}

/**
 * Adds sines and cosines of its position to each time step, with wavelengths from 6 to 63,000 time steps:
 *
 *     PE[t, 2i] = sin(t / 10000^(2i / d)),   PE[t, 2i + 1] = cos(t / 10000^(2i / d))
 *
 * Vaswani et al., 2017, section 3.5. https://arxiv.org/abs/1706.03762
 *
 * The table is the buffer `pe`, `[1, maxLen, feature]`, as in PyTorch's tutorials. Unlike there, the number of features may be odd.
 */
export class SinusoidalPositions extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly dModel: number;
  readonly maxLen: number;
  /** `[1, maxLen, feature]` */
  readonly pe: Buffer<Rank.R3>;
  readonly dropout: Dropout;

  constructor(dModel: number, options: SinusoidalPositionsOptions) {
    super();
    checkRng("SinusoidalPositions", options);
    checkOptions("SinusoidalPositions", options, ["rng", "maxLen", "dropout"]);
    const { rng, maxLen = 5000, dropout = 0.1 } = options;
    checkSizes("SinusoidalPositions", { dModel, maxLen });
    checkProbabilities("SinusoidalPositions", { dropout });
    const { data } = sinusoids(maxLen, dModel);
    this.dModel = dModel;
    this.maxLen = maxLen;
    this.pe = stateBuffer({ data, shape: [1, maxLen, dModel] });
    this.dropout = new Dropout(dropout, { rng });
  }

  /**
   * @param x `[batch, time, feature]`
   * @param offset the position of the first time step
   * @returns the shape of `x`
   * @throws {ContextLengthError} If the sequence is longer than `maxLen`.
   */
  forward(x: Tensor3D, offset = 0): Tensor3D {
    const { dModel, maxLen, pe, dropout } = this;
    const caller = `SinusoidalPositions(${dModel})`;
    checkShape(caller, "x", x, ["batch", "time", dModel]);
    const time = x.shape[1];
    checkContextLength(caller, offset + time, maxLen);
    return tidy(() => dropout.forward(add(x, slice(pe, [0, offset, 0], [1, time, dModel]))));
  }
}

/** The table of {@link SinusoidalPositions}, `[time, feature]`. */
export function sinusoids(time: number, features: number): HostTensor<Float32Array> {
  checkSizes("sinusoids", { time, features }, 0);
  const data = new Float32Array(time * features);
  for (let i = 0; i < features; i++) {
    const rate = 10_000 ** (-(i - (i % 2)) / features);
    const wave = i % 2 === 0 ? Math.sin : Math.cos;
    for (let t = 0; t < time; t++) data[t * features + i] = wave(t * rate);
  }
  return { data, shape: [time, features] };
}
