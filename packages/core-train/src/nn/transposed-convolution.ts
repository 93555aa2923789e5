import type { Rank } from "@tensorflow/tfjs-core";
import { permute, sizeOf } from "../host-tensor.ts";
import type { Initializer } from "../init/initializer.ts";
import { kaimingUniform } from "../init/kaiming-uniform.ts";
import { uniform } from "../init/uniform.ts";
import { Module } from "../module/module.ts";
import { type Parameter, parameter } from "../module/parameter.ts";
import type { ConvTransposeOptions as TransposeOptions } from "../op/conv-transpose.ts";
import { type PerAxis, perAxis } from "../op/per-axis.ts";
import { WindowError } from "../op/window-error.ts";
import type { Rng } from "../rng/rng.ts";
import type { StoredByTorch, TorchLayout } from "../weights/torch-layout.ts";
import { filterAxes } from "./filter-axes.ts";

/** How a transposed convolution layer is made. */
export interface ConvTransposeOptions<
  Axes extends readonly number[] = readonly number[],
> extends TransposeOptions<Axes> {
  /** Where the first weights come from. Required: a run that cannot be repeated is not a run. */
  readonly rng: Rng;
  /** Whether to add a bias to each output channel. Default: true. */
  readonly bias?: boolean;
  /**
   * How the filters are first drawn, in PyTorch's shape `[in, out / groups, ...kernel]`. Default: uniform within
   * `± 1 / √(out / groups · kernel)`, for which PyTorch takes the fan-in.
   */
  readonly init?: Initializer;
}

/** What the transposed convolution layers of one, two and three dimensions share. */
export abstract class TransposedConvolution<W extends Rank, Axes extends readonly number[]>
  extends Module
  implements StoredByTorch
{
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: PerAxis<Axes>;
  readonly padding: PerAxis<Axes>;
  readonly outputPadding: PerAxis<Axes>;
  readonly dilation: PerAxis<Axes>;
  readonly groups: number;
  /** `[...kernel, out / groups, in]` */
  readonly weight: Parameter<W>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;

  constructor(
    axes: Axes["length"],
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvTransposeOptions<Axes>,
  ) {
    super();
    const { rng, bias = true, init = kaimingUniform({ a: Math.sqrt(5) }) } = options;
    const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 } = options;
    const who = new.target.name;
    const kernel = perAxis(who, "kernelSize", kernelSize, axes, 1);
    perAxis(who, "groups", groups, 1, 1);
    for (const [name, channels] of Object.entries({ inChannels, outChannels })) {
      perAxis(who, name, channels, 1, 1);
      if (channels % groups === 0) continue;
      throw new WindowError(`${who}: ${name} is ${channels}, which does not fall into ${groups} groups.`);
    }
    const perGroup = outChannels / groups;
    const bound = 1 / Math.sqrt(perGroup * sizeOf(kernel));
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernel;
    this.stride = stride;
    this.padding = padding;
    this.outputPadding = outputPadding;
    this.dilation = dilation;
    this.groups = groups;
    this.weight = parameter<W>(permute(init([inChannels, perGroup, ...kernel], rng), filterAxes(axes)));
    this.bias = bias ? parameter(uniform(-bound, bound)([outChannels], rng)) : null;
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: filterAxes(this.kernelSize.length) } };
  }

  /** How the layer moves, for the op. */
  protected get options(): TransposeOptions<Axes> {
    const { stride, padding, outputPadding, dilation, groups } = this;
    return { stride, padding, outputPadding, dilation, groups };
  }
}
