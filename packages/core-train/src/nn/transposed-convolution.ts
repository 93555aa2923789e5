import type { Rank } from "@tensorflow/tfjs-core";
import type { Initializer } from "../init/initializer.ts";
import type { ConvTransposeOptions as TransposeOptions } from "../op/conv-transpose.ts";
import { type PerAxis, perAxis } from "../op/per-axis.ts";
import type { Rng } from "../rng/rng.ts";
import { AnyConvolution } from "./any-convolution.ts";

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
export abstract class TransposedConvolution<
  W extends Rank,
  Axes extends readonly number[],
> extends AnyConvolution<W, Axes> {
  readonly padding: PerAxis<Axes>;
  readonly outputPadding: PerAxis<Axes>;

  constructor(
    axes: Axes["length"],
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvTransposeOptions<Axes>,
  ) {
    const kernel = perAxis(new.target.name, "kernelSize", kernelSize, axes, 1);
    super(inChannels, outChannels, kernel, options, true);
    const { padding = 0, outputPadding = 0 } = options;
    this.padding = padding;
    this.outputPadding = outputPadding;
  }

  /** How the layer moves, for the op. */
  protected get options(): TransposeOptions<Axes> {
    const { stride, padding, outputPadding, dilation, groups } = this;
    return { stride, padding, outputPadding, dilation, groups };
  }
}
