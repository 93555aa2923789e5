import { checkRng } from "../check-values.ts";
import type { Rank } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Initializer } from "../init/initializer.ts";
import type { ConvTransposeOptions as TransposeOptions } from "../op/conv-transpose.ts";
import { type PerAxis, perAxis } from "../op/per-axis.ts";
import type { Rng } from "../rng/rng.ts";
import { AnyConvolution } from "./any-convolution.ts";

/** Options for {@link ConvTranspose2d}. */
export interface ConvTransposeOptions<
  Axes extends readonly number[] = readonly number[],
> extends TransposeOptions<Axes> {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether to add a bias to each output channel. Default: true. */
  readonly bias?: boolean;
  /**
   * Initializer of the filters, in PyTorch's shape `[in, out / groups, ...kernel]`. Default: uniform within
   * `± 1 / √(out / groups · kernel)`, PyTorch's fan-in.
   */
  readonly init?: Initializer;
}

/** The base of the transposed convolution layers of one, two and three dimensions. */
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
    const caller = new.target.name;
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "bias",
      "init",
      "padding",
      "outputPadding",
      "dilation",
      "groups",
      "stride",
    ]);
    const kernel = perAxis(caller, "kernelSize", kernelSize, axes, 1);
    const { stride = 1, padding = 0, outputPadding = 0, dilation = 1 } = options;
    perAxis(caller, "stride", stride, axes, 1);
    perAxis(caller, "padding", padding, axes, 0);
    perAxis(caller, "outputPadding", outputPadding, axes, 0);
    perAxis(caller, "dilation", dilation, axes, 1);
    super(inChannels, outChannels, kernel, options, true);
    this.padding = padding;
    this.outputPadding = outputPadding;
  }

  /** The options of the op. */
  protected get options(): TransposeOptions<Axes> {
    const { stride, padding, outputPadding, dilation, groups } = this;
    return { stride, padding, outputPadding, dilation, groups };
  }
}
