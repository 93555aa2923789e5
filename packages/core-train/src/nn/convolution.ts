import type { Rank, Tensor } from "@tensorflow/tfjs-core";
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
export abstract class Convolution<W extends Rank, Axes extends readonly number[]> extends AnyConvolution<
  W,
  Axes
> {
  readonly padding: PerAxis<Axes> | "same" | "valid";
  readonly paddingMode: NonNullable<ConvOptions["paddingMode"]>;
  /** Resolved once, as what it is made of does not change. */
  readonly #window: ResolvedConvolution<Axes>;

  constructor(
    axes: Axes["length"],
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis<Axes>,
    options: ConvOptions<Axes>,
  ) {
    const who = new.target.name;
    const kernel = perAxis(who, "kernelSize", kernelSize, axes, 1);
    const window = resolveConvolution(who, kernel, options);
    super(inChannels, outChannels, kernel, options, false);
    const { padding = 0, paddingMode = "zeros" } = options;
    this.padding = padding;
    this.paddingMode = paddingMode;
    this.#window = window as ResolvedConvolution<Axes>;
  }

  /** Checks `x` and pads it as {@link paddingMode} says; what padding is left for the convolution to do. */
  protected prepare<X extends Tensor>(
    x: X,
    names: readonly string[],
  ): { padded: X; window: ResolvedConvolution<Axes> } {
    const { inChannels, outChannels, kernelSize, paddingMode } = this;
    const size = kernelSize.every((n) => n === kernelSize[0]) ? kernelSize[0] : `[${kernelSize.join(", ")}]`;
    const who = `${this.constructor.name}(${inChannels}, ${outChannels}, ${size})`;
    checkShape(who, "x", x, ["batch", ...names, inChannels]);
    const window = this.#window;
    if (paddingMode === "zeros") return { padded: x, window };
    const padded = pad(x, [[0, 0], ...window.padding, [0, 0]], { mode: paddingMode });
    const padding = window.padding.map(() => [0, 0] as const);
    return { padded, window: { ...window, padding } as ResolvedConvolution<Axes> };
  }
}
