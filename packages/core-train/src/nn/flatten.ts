import { reshape, type Tensor, type Tensor2D, tidy, transpose } from "@tensorflow/tfjs-core";
import { sizeOf } from "../host-tensor.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { channelsFirst } from "./channels-first.ts";
import { checkTensor } from "../check-tensor.ts";

/**
 * Flattens each example to a row: `[batch, ...] -> [batch, size]`.
 *
 * Images and volumes are flattened in PyTorch's order, channel by channel, so that the weights of a following linear layer are
 * compatible with PyTorch's.
 */
export function flatten(x: Tensor): Tensor2D {
  checkTensor("flatten", "x", x);
  const [batch = 1, ...rest] = x.shape;
  return tidy(() => {
    // nothing to reorder: on WASM, transpose would divide by zero
    const ordered = x.size === 0 ? x : transpose(x, channelsFirst(x.rank)); // [batch, channel, height, width] for images
    return reshape<Tensor2D["rankType"]>(ordered, [batch, sizeOf(rest)]); // [batch, size]
  });
}

/** {@link flatten} as a layer. PyTorch's layer can keep more axes than the first. */
export class Flatten extends Module implements Layer<Tensor, Tensor2D> {
  /**
   * @param x `[batch, ...]`
   * @returns `[batch, size]`
   */
  forward(x: Tensor): Tensor2D {
    return flatten(x);
  }
}
