import { clone, reshape, type Tensor, tidy, transpose } from "@tensorflow/tfjs-core";
import { checkShape, ShapeError } from "../shape-error.ts";
import { perAxis } from "./per-axis.ts";
import { sizeAlong } from "./size-along.ts";

/**
 * Distributes the channels of each group over all groups, as `torch.nn.functional.channel_shuffle`.
 * Zhang et al., 2017. https://arxiv.org/abs/1707.01083
 *
 * @param x `[batch, ..., channel]`
 * @returns of the shape of `x`
 */
export function channelShuffle<T extends Tensor>(x: T, groups: number): T {
  perAxis("channelShuffle", "groups", groups, 1, 1);
  checkShape("channelShuffle", "x", x, ["...", "batch", "channel"]);
  const channels = sizeAlong(x, -1);
  if (channels % groups !== 0) {
    throw new ShapeError(
      `channelShuffle: x is [${x.shape.join(", ")}], expected a number of channels divisible by groups (${groups}).`,
    );
  }
  return tidy(() => {
    if (x.size === 0) return clone(x); // WASM cannot transpose an empty tensor
    const grouped = reshape(x, [x.size / channels, groups, channels / groups]);
    return reshape(transpose(grouped, [0, 2, 1]), x.shape) as T;
  });
}
