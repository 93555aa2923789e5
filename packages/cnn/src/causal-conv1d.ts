import { Conv1d, type Layer, Module, type Rng } from "@pellucid/core-train";
import { pad, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** Options of a {@link CausalConv1d}. */
export interface CausalConv1dOptions {
  /** Where the first weights come from. */
  readonly rng: Rng;
  /** Steps between the taps of the filter. Default: 1. */
  readonly dilation?: number;
  /** Whether to add a bias. Default: true. */
  readonly bias?: boolean;
}

/**
 * A convolution that looks back only ("unidirectional"): `y[t]` depends on `x[t]`, `x[t − dilation]`, …, never on what comes
 * later. As long as its input, by `(kernelSize − 1) · dilation` zeros before the beginning.
 *
 * van den Oord et al., 2016. WaveNet. https://arxiv.org/abs/1609.03499
 */
export class CausalConv1d extends Module implements Layer<Tensor3D, Tensor3D> {
  readonly conv: Conv1d;
  /** How many steps back it sees. */
  readonly lookback: number;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    { rng, dilation = 1, bias = true }: CausalConv1dOptions,
  ) {
    super();
    this.conv = new Conv1d(inChannels, outChannels, kernelSize, { rng, dilation, bias });
    this.lookback = (kernelSize - 1) * dilation;
  }

  /**
   * @param x `[batch, time, inChannels]`
   * @returns `[batch, time, outChannels]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const padded = pad(x, [
        [0, 0],
        [this.lookback, 0],
        [0, 0],
      ]); // [batch, lookback + time, inChannels]
      return this.conv.forward(padded);
    });
  }
}
