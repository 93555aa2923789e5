import type { Tensor } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { hardtanh } from "./hardtanh.ts";

/**
 * `min(max(0, x), 6)`.
 *
 * Krizhevsky, 2010. http://www.cs.utoronto.ca/~kriz/conv-cifar10-aug2010.pdf
 */
export function relu6<X extends Tensor>(x: X): X {
  return hardtanh(x, { minVal: 0, maxVal: 6 });
}

/** {@link relu6} as a layer. */
export class ReLU6 extends Module implements Layer<Tensor, Tensor> {
  /** @returns the shape of `x` */
  forward<X extends Tensor>(x: X): X {
    return relu6(x);
  }
}
