import { checkWindow } from "./check-window.ts";
import type { Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { PerAxis } from "../op/per-axis.ts";
import { unfold, type UnfoldOptions } from "../op/unfold.ts";

/** {@link unfold} as a layer. */
export class Unfold extends Module implements Layer<Tensor4D, Tensor3D> {
  readonly kernelSize: PerAxis<readonly [height: number, width: number]>;
  readonly options: UnfoldOptions;

  constructor(kernelSize: PerAxis<readonly [height: number, width: number]>, options: UnfoldOptions = {}) {
    super();
    checkOptions("Unfold", options, ["dilation", "padding", "stride"]);
    checkWindow("Unfold", kernelSize, options, 2);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, window, channel · kernel height · kernel width]`
   */
  forward(x: Tensor4D): Tensor3D {
    return unfold(x, this.kernelSize, this.options);
  }
}
