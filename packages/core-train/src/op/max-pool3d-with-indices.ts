import { floorDiv, type Rank, reshape, scalar, type Tensor5D, tidy } from "@tensorflow/tfjs-core";
import { noGrad } from "../no-grad.ts";
import type { Extremes } from "./max.ts";
import { maxPoolImagesWithIndices } from "./max-pool-images.ts";
import type { MaxPool3dOptions } from "./max-pool3d.ts";
import { indexOfWinner } from "./index-of-winner.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, poolWindow, untouched } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/**
 * {@link maxPool3d} with the index of each maximum, as `torch.nn.functional.max_pool3d_with_indices`: what `maxUnpool3d` needs. Indices
 * are PyTorch's, `(slice · height + row) · width + column` of the input within its channel.
 *
 * @param x `[batch, depth, height, width, channel]`
 * @returns `[batch, depth, height, width, channel]`, twice
 */
export function maxPool3dWithIndices(
  x: Tensor5D,
  kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
  options: MaxPool3dOptions = {},
): Extremes<Tensor5D> {
  checkOptions("maxPool3dWithIndices", options, ["dilation", "stride", "padding", "ceilMode"]);
  const [deep, vertical, horizontal] = poolWindow<[PoolAxis, PoolAxis, PoolAxis]>(
    "maxPool3dWithIndices",
    x,
    kernelSize,
    options,
    3,
  );
  return tidy(() => {
    const [batch, depth, height, width, channels] = x.shape;
    const slices = reshape<Rank.R4>(x, [batch * depth, height, width, channels]);
    const flat = maxPoolImagesWithIndices(slices, [vertical, horizontal]); //        [batch * depth, height, width, channel]
    const area = vertical.output * horizontal.output;
    const columns: [number, number, number, number] = [batch, depth, area, channels];
    const pooled = maxPoolImagesWithIndices(reshape(flat.values, columns), [deep, untouched(area)]);
    const size: [number, number, number, number, number] = [
      batch,
      deep.output,
      vertical.output,
      horizontal.output,
      channels,
    ];
    const indices = noGrad(() => {
      const inSlice = reshape<Rank.R4>(flat.indices, columns); //                    [batch, depth, height * width, channel]
      const slice = floorDiv(pooled.indices, scalar(area, "int32")); //              [batch, depth, height * width, channel]
      return indexOfWinner(slice, inSlice, 1, height * width);
    });
    return { values: reshape<Rank.R5>(pooled.values, size), indices: reshape<Rank.R5>(indices, size) };
  });
}
