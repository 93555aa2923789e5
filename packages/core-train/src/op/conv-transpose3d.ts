import {
  add,
  type Rank,
  reshape,
  type ShapeMap,
  type Tensor,
  type Tensor1D,
  type Tensor5D,
  tidy,
} from "@tensorflow/tfjs-core";
import {
  convTransposeImages,
  type ConvTransposeOptions,
  type TransposedAxis,
  transposedAxes,
} from "./conv-transpose.ts";
import { padAlong } from "./pad-along.ts";
import { sliceAlong } from "./slice-along.ts";
import { spreadApart } from "./spread-apart.ts";
import { sizeAlong } from "./size-along.ts";
import { checkOptions } from "../check-options.ts";

/** How a three-dimensional window is transposed. */
export type ConvTranspose3dOptions = ConvTransposeOptions<
  readonly [depth: number, height: number, width: number]
>;

/**
 * Spreads each number of a volume over a window, as `torch.nn.functional.conv_transpose3d`; see {@link convTranspose2d}. It
 * is the sum of what each slice of the kernel spreads, so it is right on every backend.
 *
 * @param x `[batch, depth, height, width, in]`
 * @param weight `[depth, height, width, out / groups, in]`; PyTorch keeps `[in, out / groups, depth, height, width]`
 * @param bias `[out]`
 * @returns `[batch, depth, height, width, out]`
 */
export function convTranspose3d(
  x: Tensor5D,
  weight: Tensor5D,
  bias: Tensor1D | null = null,
  options: ConvTranspose3dOptions = {},
): Tensor5D {
  checkOptions("convTranspose3d", options, ["stride", "padding", "outputPadding", "dilation", "groups"]);
  const [deep, ...area] = transposedAxes<[TransposedAxis, TransposedAxis, TransposedAxis]>(
    "convTranspose3d",
    ["depth", "height", "width"],
    { x, weight, bias },
    options,
  );
  return tidy(() => {
    const [batch, depth, height, width, inChannels] = x.shape;
    const kernel = weight.shape[0];
    const full = (depth - 1) * deep.stride + deep.dilation * (kernel - 1) + 1;
    const slices = reshape<Rank.R4>(x, [batch * depth, height, width, inChannels]);
    const through = (k: number): Tensor => {
      const filter = reshape<Rank.R4>(
        sliceAlong(weight, 0, k, 1),
        weight.shape.slice(1) as ShapeMap[Rank.R4],
      ); //                                                                            [height, width, out / groups, in]
      const y = convTransposeImages(slices, filter, null, area, options.groups ?? 1);
      const volume = reshape(y, [batch, depth, ...y.shape.slice(1)]);
      const apart = spreadApart(volume, 1, deep.stride); //                            [batch, (depth - 1) stride + 1, …]
      const before = k * deep.dilation;
      const after = full - before - sizeAlong(apart, 1);
      return padAlong(apart, 1, [before, after]); //                                    [batch, full, height, width, out]
    };
    let y = through(0);
    for (let k = 1; k < kernel; k++) y = add(y, through(k));
    const [front, back] = deep.cut;
    const kept = sliceAlong(y, 1, front, full - front - back);
    const whole = padAlong(kept, 1, [0, deep.zeros]);
    if (bias === null) return whole as Tensor5D;
    return add(whole, reshape(bias, [1, 1, 1, 1, bias.size])) as Tensor5D; // not [out]: WebGPU adds no vector to rank 5
  });
}
