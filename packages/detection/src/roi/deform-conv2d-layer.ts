import {
  checkOptions,
  checkRng,
  checkSizes,
  type HasTorchLayout,
  init,
  initialized,
  type Layer,
  Module,
  OptionError,
  type Parameter,
  type Rng,
  type TorchLayout,
} from "@pellucid/core-train";
import type { Rank, Tensor4D } from "@tensorflow/tfjs-core";
import { deformConv2d, type DeformConv2dOptions } from "./deform-conv2d.ts";

/** Options for {@link DeformConv2d}. */
export interface DeformConv2dLayerOptions extends Omit<DeformConv2dOptions, "bias" | "mask"> {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many groups the channels are convolved in. Default: 1. */
  readonly groups?: number;
  /** Whether to add a bias to each output channel. Default: true. */
  readonly bias?: boolean;
}

/** An image, and how the window is bent at each position. */
export type DeformConv2dInput = {
  /** `[batch, height, width, in]` */
  readonly x: Tensor4D;
  /** `[batch, outHeight, outWidth, group · kernelHeight · kernelWidth · 2]` */
  readonly offset: Tensor4D;
  /** `[batch, outHeight, outWidth, group · kernelHeight · kernelWidth]`: version 2. Default: 1. */
  readonly mask?: Tensor4D;
};

/**
 * {@link deformConv2d} as a layer, torchvision's `DeformConv2d`, with its names and initial weights. Other layers predict the offsets and the mask.
 *
 * PyTorch keeps the weight as `[out, in / groups, height, width]`; loading and saving transposes it.
 */
export class DeformConv2d extends Module implements Layer<DeformConv2dInput, Tensor4D>, HasTorchLayout {
  /** `[height, width, in / groups, out]` */
  readonly weight: Parameter<Rank.R4>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly #window: Omit<DeformConv2dOptions, "bias" | "mask">;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly [height: number, width: number],
    options: DeformConv2dLayerOptions,
  ) {
    super();
    checkRng("DeformConv2d", options);
    checkOptions("DeformConv2d", options, ["rng", "groups", "bias", "stride", "padding", "dilation"]);
    const { rng, groups = 1, bias = true, ...window } = options;
    const [height, width] = typeof kernelSize === "object" ? kernelSize : [kernelSize, kernelSize];
    checkSizes("DeformConv2d", { inChannels, outChannels, groups });
    for (const size of [height, width]) checkSizes("DeformConv2d", { kernelSize: size });
    for (const size of [window.stride ?? 1, window.dilation ?? 1].flat())
      checkSizes("DeformConv2d", { size });
    for (const padding of [window.padding ?? 0].flat()) checkSizes("DeformConv2d", { padding }, 0);
    if (inChannels % groups !== 0 || outChannels % groups !== 0)
      throw new OptionError(
        "DeformConv2d",
        "groups",
        groups,
        `a divisor of ${inChannels} and ${outChannels} channels`,
      );
    const shape = [outChannels, inChannels / groups, height, width];
    const bound = 1 / Math.sqrt((inChannels / groups) * height * width);
    this.weight = initialized(shape, init.kaimingUniform({ a: Math.sqrt(5) }), rng, [2, 3, 1, 0]);
    this.bias = bias ? initialized([outChannels], init.uniform(-bound, bound), rng) : null;
    this.#window = window;
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: [2, 3, 1, 0] } };
  }

  /** @returns `[batch, outHeight, outWidth, out]` */
  forward({ x, offset, mask }: DeformConv2dInput): Tensor4D {
    return deformConv2d(x, offset, this.weight, { ...this.#window, bias: this.bias, mask: mask ?? null });
  }
}
