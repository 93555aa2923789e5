import {
  conv1d,
  type HostTensor,
  kaimingUniform,
  type Layer,
  Module,
  type Parameter,
  parameter,
  permute,
  type Rng,
  type StoredByTorch,
  type TorchLayout,
  uniform,
} from "@pellucid/core-train";
import { div, mul, pad, type Rank, sqrt, square, sum, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** Options of a {@link WeightNormConv1d}. */
export interface WeightNormConv1dOptions {
  /** Where the first weights come from. */
  readonly rng: Rng;
  /** Steps between the taps of the filter. Default: 1. */
  readonly dilation?: number;
}

/**
 * A causal convolution whose filters are a length and a direction: `w = g · v / ‖v‖`, one length per output channel.
 *
 * Salimans and Kingma, 2016. Weight normalization. https://arxiv.org/abs/1602.07868. PyTorch names the two `weight_g` and
 * `weight_v` (since 2.0 also `parametrizations.weight.original0` and `1`), and keeps them as `[out, 1, 1]` and `[out, in, time]`.
 */
export class WeightNormConv1d extends Module implements Layer<Tensor3D, Tensor3D>, StoredByTorch {
  /** `[out]` */
  readonly bias: Parameter<Rank.R1>;
  /** Lengths, `[1, 1, out]` */
  readonly weightG: Parameter<Rank.R3>;
  /** Directions, `[time, in, out]` */
  readonly weightV: Parameter<Rank.R3>;
  readonly dilation: number;
  readonly lookback: number;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    { rng, dilation = 1 }: WeightNormConv1dOptions,
  ) {
    super();
    const bound = 1 / Math.sqrt(inChannels * kernelSize);
    const v = permute(
      kaimingUniform({ a: Math.sqrt(5) })([outChannels, inChannels, kernelSize], rng),
      [2, 1, 0],
    );
    this.bias = parameter(uniform(-bound, bound)([outChannels], rng));
    this.weightG = parameter(lengths(v));
    this.weightV = parameter(v);
    this.dilation = dilation;
    this.lookback = (kernelSize - 1) * dilation;
  }

  get torchLayout(): TorchLayout {
    return { weightG: { axes: [2, 1, 0] }, weightV: { axes: [2, 1, 0] } };
  }

  /**
   * @param x `[batch, time, in]`
   * @returns `[batch, time, out]`
   */
  forward(x: Tensor3D): Tensor3D {
    return tidy(() => {
      const { weightG, weightV, bias, dilation } = this;
      const norm = sqrt(sum(square(weightV), [0, 1], true)); // [1, 1, out]
      const weight: Tensor3D = mul(weightG, div(weightV, norm)); // [time, in, out]
      const padded = pad(x, [
        [0, 0],
        [this.lookback, 0],
        [0, 0],
      ]); // [batch, lookback + time, in]
      return conv1d(padded, weight, bias, { dilation });
    });
  }
}

/** The length of each output channel's filter, `[1, 1, out]`. */
function lengths({ data, shape }: HostTensor<Float32Array>): HostTensor<Float32Array> {
  const out = shape.at(-1) as number;
  const squares = new Float64Array(out);
  for (const [i, value] of data.entries()) squares[i % out] = (squares[i % out] as number) + value ** 2;
  return { data: Float32Array.from(squares, Math.sqrt), shape: [1, 1, out] };
}
