import {
  causalConv1d,
  type HostTensor,
  type Layer,
  Module,
  type Parameter,
  permute,
  type Rng,
  type HasTorchLayout,
  type TorchLayout,
  initialized,
  init,
  checkSizes,
  checkRng,
} from "@pellucid/core-train";
import { div, mul, type Rank, sqrt, square, sum, type Tensor3D, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link WeightNormConv1d}. */
export interface WeightNormConv1dOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Spacing between the elements of the kernel, in time steps. Default: 1. */
  readonly dilation?: number;
}

/**
 * A causal convolution whose filters are parametrized by norm and direction: `w = g · v / ‖v‖`, with one norm per output channel.
 *
 * Salimans and Kingma, 2016. Weight normalization. https://arxiv.org/abs/1602.07868. PyTorch names the two `weight_g` and
 * `weight_v` (since 2.0 also `parametrizations.weight.original0` and `1`), and keeps them as `[out, 1, 1]` and `[out, in, time]`.
 */
export class WeightNormConv1d extends Module implements Layer<Tensor3D, Tensor3D>, HasTorchLayout {
  /** `[out]` */
  readonly bias: Parameter<Rank.R1>;
  /** Norms, `[1, 1, out]` */
  readonly weightG: Parameter<Rank.R3>;
  /** Directions, `[time, in, out]` */
  readonly weightV: Parameter<Rank.R3>;
  readonly dilation: number;
  readonly lookback: number;

  constructor(inChannels: number, outChannels: number, kernelSize: number, options: WeightNormConv1dOptions) {
    super();
    checkRng("WeightNormConv1d", options);
    const { rng, dilation = 1 } = options;
    checkSizes("WeightNormConv1d", { inChannels, outChannels, kernelSize, dilation });
    const bound = 1 / Math.sqrt(inChannels * kernelSize);
    const filter = init.kaimingUniform({ a: Math.sqrt(5) });
    let norms: HostTensor<Float32Array> = init.zeros()([1, 1, outChannels]);
    const weightV = initialized<Rank.R3>(
      [kernelSize, inChannels, outChannels],
      (_, rng) => {
        const v = permute(filter([outChannels, inChannels, kernelSize], rng), [2, 1, 0]);
        norms = lengths(v); // [1, 1, out]
        return v;
      },
      rng,
    );
    this.bias = initialized([outChannels], init.uniform(-bound, bound), rng);
    this.weightG = initialized([1, 1, outChannels], () => norms);
    this.weightV = weightV;
    this.dilation = dilation;
    this.lookback = (kernelSize - 1) * dilation;
  }

  get torchLayout(): TorchLayout {
    const axes = [2, 1, 0];
    return {
      weightG: { axes, aliases: ["parametrizations.weight.original0"] }, // since PyTorch 2.0
      weightV: { axes, aliases: ["parametrizations.weight.original1"] },
    };
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
      return causalConv1d(x, weight, bias, { dilation }).output;
    });
  }
}

/** The norm of each output channel's filter, `[1, 1, out]`. */
function lengths({ data, shape }: HostTensor<Float32Array>): HostTensor<Float32Array> {
  const out = shape.at(-1) ?? 1;
  const squares = new Float64Array(out);
  for (const [i, value] of data.entries()) squares[i % out] = (squares[i % out] ?? 0) + value ** 2;
  return { data: Float32Array.from(squares, Math.sqrt), shape: [1, 1, out] };
}
