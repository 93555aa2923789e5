import { checkRng } from "../check-values.ts";
import type { Rank } from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import { initialized } from "../init/initialized.ts";
import type { Initializer } from "../init/initializer.ts";
import { kaimingUniform } from "../init/kaiming-uniform.ts";
import { uniform } from "../init/uniform.ts";
import { Module } from "../module/module.ts";
import type { Parameter } from "../module/parameter.ts";
import { type PerAxis, perAxis } from "../op/per-axis.ts";
import { WindowError } from "../op/window-error.ts";
import type { Rng } from "../rng/rng.ts";
import type { HasTorchLayout, TorchLayout } from "../weights/torch-layout.ts";
import { filterAxes } from "./filter-axes.ts";

interface Options<Axes extends readonly number[]> {
  readonly rng: Rng;
  readonly bias?: boolean;
  readonly stride?: PerAxis<Axes>;
  readonly dilation?: PerAxis<Axes>;
  readonly groups?: number;
  readonly init?: Initializer;
}

/** The base of convolution layers and transposed ones: channels in groups, a filter and a bias. */
export abstract class AnyConvolution<W extends Rank, Axes extends readonly number[]>
  extends Module
  implements HasTorchLayout
{
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: PerAxis<Axes>;
  readonly dilation: PerAxis<Axes>;
  readonly groups: number;
  /** `[...kernel, in / groups, out]`; of a transposed convolution `[...kernel, out / groups, in]` */
  readonly weight: Parameter<W>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;

  /** @param isTransposed whether the filter, in PyTorch's shape, is `[in, out / groups, ...kernel]` */
  constructor(
    inChannels: number,
    outChannels: number,
    kernel: readonly number[],
    options: Options<Axes>,
    isTransposed: boolean,
  ) {
    super();
    const { rng, bias = true, init = kaimingUniform({ a: Math.sqrt(5) }) } = options;
    const { stride = 1, dilation = 1, groups = 1 } = options;
    const caller = new.target.name;
    checkRng(caller, options);
    perAxis(caller, "groups", groups, 1, 1);
    for (const [name, channels] of Object.entries({ inChannels, outChannels })) {
      perAxis(caller, name, channels, 1, 1);
      if (channels % groups === 0) continue;
      throw new WindowError(`${caller}: ${name} (${channels}) is not divisible by groups (${groups}).`);
    }
    const [all, shared] = isTransposed ? [inChannels, outChannels] : [outChannels, inChannels];
    const perGroup = shared / groups;
    const bound = 1 / Math.sqrt(perGroup * sizeOf(kernel));
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernel;
    this.stride = stride;
    this.dilation = dilation;
    this.groups = groups;
    this.weight = initialized<W>([all, perGroup, ...kernel], init, rng, filterAxes(kernel.length));
    this.bias = bias ? initialized([outChannels], uniform(-bound, bound), rng) : null;
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: filterAxes(this.kernelSize.length) } };
  }
}
