import { checkChoice, checkRng } from "../check-values.ts";
import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Initializer } from "../init/initializer.ts";
import { pad, type PadMode } from "../op/pad.ts";
import { type PerAxis, perAxis } from "../op/per-axis.ts";
import {
  type ConvolutionOptions,
  type ResolvedConvolution,
  resolveConvolution,
} from "../op/resolve-convolution.ts";
import type { Rng } from "../rng/rng.ts";
import { checkShape } from "../shape-error.ts";
import { AnyConvolution } from "./any-convolution.ts";

/** Options for {@link Conv2d}. */
export interface ConvOptions<
  Axes extends readonly number[] = readonly number[],
> extends ConvolutionOptions<Axes> {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether to add a bias to each output channel. Default: true. */
  readonly bias?: boolean;
  /** The values of the padding. Default: `"zeros"`. */
  readonly paddingMode?: "zeros" | Exclude<PadMode, "constant">;
  /** Initializer of the filters, in PyTorch's shape `[out, in / groups, ...kernel]`. Default: uniform within `± 1 / √fanIn`. */
  readonly init?: Initializer;
}

/** The base of the convolution layers of one, two and three dimensions. */
export abstract class Convolution<W extends Rank, Axes extends readonly number[]> extends AnyConvolution<
  W,
  Axes
> {
  readonly padding: PerAxis<Axes> | "same" | "valid";
  readonly paddingMode: NonNullable<ConvOptions["paddingMode"]>;
  /** Resolved once, since the options do not change. */
  readonly #window: ResolvedConvolution<Axes>;

  constructor(
    axes: Axes["length"],
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvOptions<Axes>,
  ) {
    const caller = new.target.name;
    checkRng(caller, options);
    checkOptions(caller, options, [
      "rng",
      "bias",
      "padding",
      "paddingMode",
      "init",
      "dilation",
      "groups",
      "stride",
    ]);
    const { padding = 0, paddingMode = "zeros" } = options;
    checkChoice(caller, "paddingMode", paddingMode, ["zeros", "reflect", "replicate", "circular"]);
    if (typeof padding === "string") checkChoice(caller, "padding", padding, ["same", "valid"]);
    const kernel = perAxis(caller, "kernelSize", kernelSize, axes, 1);
    const window = resolveConvolution(caller, kernel, options);
    super(inChannels, outChannels, kernel, options, false);
    this.padding = padding;
    this.paddingMode = paddingMode;
    this.#window = window as ResolvedConvolution<Axes>;
  }

  /** Checks `x` and pads it as {@link paddingMode} requires; returns the window with the padding that is left to the convolution. */
  protected prepare<X extends Tensor>(
    x: X,
    names: readonly string[],
  ): { padded: X; window: ResolvedConvolution<Axes> } {
    const { inChannels, outChannels, kernelSize, paddingMode } = this;
    const size = kernelSize.every((n) => n === kernelSize[0]) ? kernelSize[0] : `[${kernelSize.join(", ")}]`;
    const caller = `${this.constructor.name}(${inChannels}, ${outChannels}, ${size})`;
    checkShape(caller, "x", x, ["batch", ...names, inChannels]);
    const window = this.#window;
    if (paddingMode === "zeros") return { padded: x, window };
    const padded = pad(x, [[0, 0], ...window.padding, [0, 0]], { mode: paddingMode });
    const padding = window.padding.map(() => [0, 0] as const);
    return { padded, window: { ...window, padding } as ResolvedConvolution<Axes> };
  }
}
