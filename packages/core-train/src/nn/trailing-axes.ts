import { channelsLast } from "./channels-first.ts";

/** The axes that turn PyTorch's order of the last `rank` axes of a tensor into ours: all but the batch, for images and volumes. */
export function trailingAxes(rank: number): number[] {
  return channelsLast(rank + 1)
    .slice(1)
    .map((axis) => axis - 1);
}
