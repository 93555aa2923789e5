import { checkSizes, checkRng } from "../check-values.ts";
import { type Tensor3D, tidy, zeros } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { SequenceLayer, Step } from "../module/sequence-layer.ts";
import { causalConv1d } from "../op/causal-conv1d.ts";
import type { Rng } from "../rng/rng.ts";
import { checkShape } from "../shape-error.ts";
import { Conv1d } from "./conv1d.ts";

/** Options for {@link CausalConv1d}. */
export interface CausalConv1dOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Spacing between the elements of the kernel, in time steps. Default: 1. */
  readonly dilation?: number;
  /** Whether to add a bias. Default: true. */
  readonly bias?: boolean;
}

/** State of {@link CausalConv1d}: its last inputs, `[batch, lookback, inChannels]`. */
export type CausalConv1dState = { readonly inputs: Tensor3D };

/**
 * A causal convolution over time: `y[t]` depends on `x[t]`, `x[t − dilation]`, …, never on a later time step. The input is padded with
 * `(kernelSize − 1) · dilation` zeros at its start, so the output has the length of the input.
 *
 * van den Oord et al., 2016. WaveNet. https://arxiv.org/abs/1609.03499
 */
export class CausalConv1d
  extends Module
  implements Layer<Tensor3D, Tensor3D>, SequenceLayer<Tensor3D, Tensor3D, CausalConv1dState>
{
  readonly conv: Conv1d;
  readonly dilation: number;
  /** The number of earlier time steps that an output depends on. */
  readonly lookback: number;

  constructor(inChannels: number, outChannels: number, kernelSize: number, options: CausalConv1dOptions) {
    super();
    checkRng("CausalConv1d", options);
    checkOptions("CausalConv1d", options, ["rng", "dilation", "bias"]);
    const { rng, dilation = 1, bias = true } = options;
    checkSizes("CausalConv1d", { inChannels, outChannels, kernelSize, dilation });
    this.conv = new Conv1d(inChannels, outChannels, kernelSize, { rng, dilation, bias });
    this.dilation = dilation;
    this.lookback = (kernelSize - 1) * dilation;
  }

  initialState(batch: number): CausalConv1dState {
    return { inputs: zeros([batch, this.lookback, this.conv.inChannels]) };
  }

  /**
   * @param x `[batch, time, inChannels]`
   * @returns `[batch, time, outChannels]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => this.#convolve(x).output);
  }

  /** @param x `[batch, time, inChannels]` */
  step(x: Tensor3D, { inputs }: CausalConv1dState): Step<Tensor3D, CausalConv1dState> {
    checkShape(this.#name, "inputs", inputs, [x.shape[0], this.lookback, this.conv.inChannels]);
    const { output, state } = this.#convolve(x, inputs);
    return { output, state: { inputs: state } };
  }

  #convolve(x: Tensor3D, inputs?: Tensor3D): Step<Tensor3D, Tensor3D> {
    const { inChannels, weight, bias } = this.conv;
    checkShape(this.#name, "x", x, ["batch", "time", inChannels]);
    return causalConv1d(x, weight, bias, { dilation: this.dilation }, inputs);
  }

  get #name(): string {
    const { inChannels, outChannels, kernelSize } = this.conv;
    return `CausalConv1d(${inChannels}, ${outChannels}, ${kernelSize.join(", ")})`;
  }
}
