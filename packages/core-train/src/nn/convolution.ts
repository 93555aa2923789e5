import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import { permute, sizeOf } from "../host-tensor.ts";
import type { Initializer } from "../init/initializer.ts";
import { kaimingUniform } from "../init/kaiming-uniform.ts";
import { uniform } from "../init/uniform.ts";
import { Module } from "../module/module.ts";
import { type Parameter, parameter } from "../module/parameter.ts";
import { pad, type PadMode } from "../op/pad.ts";
import { type PerAxis, perAxis } from "../op/per-axis.ts";
import { type ConvolutionOptions, resolveConvolution } from "../op/resolve-convolution.ts";
import { WindowError } from "../op/window-error.ts";
import type { Rng } from "../rng/rng.ts";
import { checkShape } from "../shape-error.ts";
import type { StoredByTorch, TorchLayout } from "../weights/torch-layout.ts";
import { filterAxes } from "./filter-axes.ts";

/** How a convolution layer is made. */
export interface ConvOptions<
  Axes extends readonly number[] = readonly number[],
> extends ConvolutionOptions<Axes> {
  /** Where the first weights come from. Required: a run that cannot be repeated is not a run. */
  readonly rng: Rng;
  /** Whether to add a bias to each output channel. Default: true. */
  readonly bias?: boolean;
  /** What the padding is made of. Default: `"zeros"`. */
  readonly paddingMode?: "zeros" | Exclude<PadMode, "constant">;
  /** How the filters are first drawn, in PyTorch's shape `[out, in / groups, ...kernel]`. Default: uniform within `± 1 / √fanIn`. */
  readonly init?: Initializer;
}

/** What the convolution layers of one, two and three dimensions share. */
export abstract class Convolution<W extends Rank, Axes extends readonly number[]>
  extends Module
  implements StoredByTorch
{
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: PerAxis<Axes>;
  readonly padding: PerAxis<Axes> | "same" | "valid";
  readonly dilation: PerAxis<Axes>;
  readonly groups: number;
  readonly paddingMode: NonNullable<ConvOptions["paddingMode"]>;
  /** `[...kernel, in / groups, out]` */
  readonly weight: Parameter<W>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;

  constructor(
    axes: Axes["length"],
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvOptions<Axes>,
  ) {
    super();
    const { rng, bias = true, paddingMode = "zeros", init = kaimingUniform({ a: Math.sqrt(5) }) } = options;
    const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
    const who = new.target.name;
    const kernel = perAxis(who, "kernelSize", kernelSize, axes, 1);
    resolveConvolution(who, kernel, options);
    for (const [name, channels] of Object.entries({ inChannels, outChannels })) {
      perAxis(who, name, channels, 1, 1);
      if (channels % groups === 0) continue;
      throw new WindowError(`${who}: ${name} is ${channels}, which does not fall into ${groups} groups.`);
    }
    const perGroup = inChannels / groups;
    const bound = 1 / Math.sqrt(perGroup * sizeOf(kernel));
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernel;
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    this.paddingMode = paddingMode;
    this.weight = parameter<W>(permute(init([outChannels, perGroup, ...kernel], rng), filterAxes(axes)));
    this.bias = bias ? parameter(uniform(-bound, bound)([outChannels], rng)) : null;
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: filterAxes(this.kernelSize.length) } };
  }

  /** Checks `x` and pads it as {@link paddingMode} says; what padding is left for the convolution to do. */
  protected prepare<X extends Tensor>(
    x: X,
    names: readonly string[],
  ): { padded: X; options: ConvolutionOptions<Axes> } {
    const { inChannels, outChannels, kernelSize, stride, padding, dilation, groups, paddingMode } = this;
    const size = kernelSize.every((n) => n === kernelSize[0]) ? kernelSize[0] : `[${kernelSize.join(", ")}]`;
    const who = `${this.constructor.name}(${inChannels}, ${outChannels}, ${size})`;
    checkShape(who, "x", x, ["batch", ...names, inChannels]);
    if (paddingMode === "zeros") return { padded: x, options: { stride, padding, dilation, groups } };
    const { padding: sides } = resolveConvolution(who, kernelSize, { stride, padding, dilation, groups });
    const padded = pad(x, [[0, 0], ...sides, [0, 0]], { mode: paddingMode });
    return { padded, options: { stride, dilation, groups } };
  }
}
