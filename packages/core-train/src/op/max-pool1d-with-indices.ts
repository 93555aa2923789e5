import { type Rank, reshape, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import type { Extremes } from "./max.ts";
import { maxPoolImagesWithIndices } from "./max-pool-images.ts";
import type { MaxPool1dOptions } from "./max-pool1d.ts";
import type { PerAxis } from "./per-axis.ts";
import { type PoolAxis, poolWindow, untouched } from "./pool-window.ts";
import { checkOptions } from "../check-options.ts";

/**
 * {@link maxPool1d} with the time step of each maximum, as `torch.nn.functional.max_pool1d_with_indices`: what `maxUnpool1d` needs.
 *
 * @param x `[batch, time, channel]`
 * @returns `[batch, time, channel]`, twice
 */
export function maxPool1dWithIndices(
  x: Tensor3D,
  kernelSize: PerAxis<readonly [time: number]>,
  options: MaxPool1dOptions = {},
): Extremes<Tensor3D> {
  checkOptions("maxPool1dWithIndices", options, ["dilation", "stride", "padding", "ceilMode"]);
  const [axis] = poolWindow<[PoolAxis]>("maxPool1dWithIndices", x, kernelSize, options, 1);
  return tidy(() => {
    const [batch, time, channels] = x.shape;
    const row = reshape<Rank.R4>(x, [batch, 1, time, channels]); //         [batch, 1, time, channel]
    const { values, indices } = maxPoolImagesWithIndices(row, [untouched(1), axis]);
    const size: [number, number, number] = [batch, axis.output, channels];
    return { values: reshape<Rank.R3>(values, size), indices: reshape<Rank.R3>(indices, size) };
  });
}
