import { checkSizes } from "../check-values.ts";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { channelShuffle } from "../op/channel-shuffle.ts";

/** {@link channelShuffle} as a layer. */
export class ChannelShuffle extends Module implements Layer<Tensor, Tensor> {
  readonly groups: number;

  constructor(groups: number) {
    super();
    checkSizes("ChannelShuffle", { groups });
    this.groups = groups;
  }

  /**
   * @param x `[batch, ..., channel]`
   * @returns the shape of `x`
   */
  forward<X extends Tensor>(x: X): X {
    return channelShuffle(x, this.groups);
  }
}
