import { channelsLast } from "./channels-first.ts";

/** The permutation of the last `rank` axes of a tensor from PyTorch's order to ours: of all axes but the batch, for images and volumes. */
export function trailingAxes(rank: number): number[] {
  return channelsLast(rank + 1)
    .slice(1)
    .map((axis) => axis - 1);
}
