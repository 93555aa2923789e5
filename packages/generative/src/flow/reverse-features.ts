import { type Layer, Module, tidyLeaves, sizeAlong } from "@pellucid/core-train";
import { reverse, type Tensor, zeros } from "@tensorflow/tfjs-core";
import type { Bijection, Transformed } from "./bijection.ts";

/** Reverses the order of the features between autoregressive layers, so that each feature comes first at times. */
export class ReverseFeatures extends Module implements Bijection, Layer<Tensor, Transformed> {
  /** @param x `[batch, …, feature]` */
  forward(x: Tensor): Transformed {
    return tidyLeaves(() => ({ output: reverse(x, -1), logDet: zeros([sizeAlong(x, 0)]) }));
  }

  /** @param y `[batch, …, feature]` */
  inverse(y: Tensor): Transformed {
    return this.forward(y);
  }
}
