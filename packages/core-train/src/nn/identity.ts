import { clone, type Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";

/** Its input, unchanged: what stands where a layer may be. It shares the input's memory. */
export class Identity extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return clone(x);
  }
}
