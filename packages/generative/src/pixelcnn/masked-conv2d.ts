import {
  checkChoice,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  conv2d,
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
import { mul, type Rank, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link MaskedConv2d}. */
export interface MaskedConv2dOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** `"A"` hides the pixel itself, for the first layer; `"B"` shows it, for the others. */
  readonly mask: "A" | "B";
  /** Colors: channels are divided into so many groups, and within a pixel a group sees earlier groups (`"B"`: and itself). Default: 1. */
  readonly groups?: number;
  /** Whether to add a bias. Default: true. */
  readonly bias?: boolean;
}

/**
 * A convolution in one direction: an output sees the rows above and the pixels to its left, so that a stack of them predicts each pixel from earlier ones.
 * The size stays. To the upper right of a pixel a stack has a blind spot.
 *
 * van den Oord et al., 2016, section 3.4. https://arxiv.org/abs/1601.06759
 *
 * PyTorch keeps the weight as `[out, in, height, width]`; loading and saving transposes it. What the mask hides is kept, without an effect.
 */
export class MaskedConv2d extends Module implements Layer<Tensor4D, Tensor4D>, HasTorchLayout {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: number;
  /** `[height, width, in, out]` */
  readonly weight: Parameter<Rank.R4>;
  /** `[out]` */
  readonly bias: Parameter<Rank.R1> | null;
  readonly #mask: Float32Array;

  /** @param kernelSize odd */
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: MaskedConv2dOptions) {
    super();
    checkRng("MaskedConv2d", options);
    checkOptions("MaskedConv2d", options, ["rng", "mask", "groups", "bias"]);
    const { rng, mask, groups = 1, bias = true } = options;
    checkSizes("MaskedConv2d", { inChannels, outChannels, kernelSize, groups });
    checkChoice("MaskedConv2d", "mask", mask, ["A", "B"]);
    if (kernelSize % 2 === 0)
      throw new OptionError("MaskedConv2d", "kernelSize", kernelSize, "an odd integer");
    const bound = 1 / Math.sqrt(inChannels * kernelSize ** 2);
    const shape = [outChannels, inChannels, kernelSize, kernelSize];
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernelSize;
    this.#mask = convolutionMask(inChannels, outChannels, kernelSize, mask, groups);
    this.weight = initialized(shape, init.uniform(-bound, bound), rng, [2, 3, 1, 0]);
    this.bias = bias ? initialized([outChannels], init.uniform(-bound, bound), rng) : null;
  }

  get torchLayout(): TorchLayout {
    return { weight: { axes: [2, 3, 1, 0] }, mask: { ignored: true } };
  }

  /**
   * @param x `[batch, height, width, in]`
   * @returns `[batch, height, width, out]`
   */
  forward(x: Tensor4D): Tensor4D {
    const { inChannels, outChannels, kernelSize, weight, bias } = this;
    checkShape(`MaskedConv2d(${inChannels}, ${outChannels}, ${kernelSize})`, "x", x, [
      "batch",
      "height",
      "width",
      inChannels,
    ]);
    return tidy(() => {
      const mask = tensor4d(this.#mask, weight.shape);
      return conv2d(x, mul(weight, mask), bias, { padding: (kernelSize - 1) / 2 });
    });
  }
}

/**
 * Ones where an output may see an input, `[height, width, in, out]`.
 *
 * @throws {OptionError} For sizes that are not integers above 0, or an unknown kind.
 */
export function convolutionMask(
  inChannels: number,
  outChannels: number,
  kernelSize: number,
  kind: "A" | "B",
  groups: number,
): Float32Array {
  checkSizes("convolutionMask", { inChannels, outChannels, kernelSize, groups });
  checkChoice("convolutionMask", "kind", kind, ["A", "B"]);
  const mask = new Float32Array(kernelSize ** 2 * inChannels * outChannels);
  const center = (kernelSize - 1) / 2;
  const group = (channel: number, channels: number) => Math.floor((channel * groups) / channels);
  let at = 0;
  for (let row = 0; row < kernelSize; row++)
    for (let column = 0; column < kernelSize; column++)
      for (let from = 0; from < inChannels; from++)
        for (let to = 0; to < outChannels; to++) {
          const isCenter = row === center && column === center;
          const [reads, writes] = [group(from, inChannels), group(to, outChannels)];
          const seen = isCenter
            ? reads < writes || (kind === "B" && reads === writes)
            : row < center || (row === center && column < center);
          mask[at++] = seen ? 1 : 0;
        }
  return mask;
}
