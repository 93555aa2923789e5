import { type Rank, reshape, type Tensor2D, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import { rowsAt } from "../rpn/rows-at.ts";

/**
 * The map of one channel of each region: `[region, height · width]`. To be called in a `tidy`.
 *
 * @param maps `[region, height, width, channel]`
 * @param channels of each region
 */
export function classMaps(maps: Tensor4D, channels: ArrayLike<number>): Tensor2D {
  const [regions, height, width, count] = maps.shape;
  const rows = reshape<Rank.R2>(transpose(maps, [0, 3, 1, 2]), [regions * count, height * width]); // [region · channel, position]
  return rowsAt(
    rows,
    Array.from(channels, (channel, region) => region * count + channel),
  );
}
