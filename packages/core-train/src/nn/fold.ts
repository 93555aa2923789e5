import { checkWindow } from "./check-window.ts";
import { perAxis } from "../op/per-axis.ts";
import type { Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { fold } from "../op/fold.ts";
import type { PerAxis } from "../op/per-axis.ts";
import type { UnfoldOptions } from "../op/unfold.ts";

type Axes = readonly [height: number, width: number];

/** {@link fold} as a layer. */
export class Fold extends Module implements Layer<Tensor3D, Tensor4D> {
  readonly outputSize: PerAxis<Axes>;
  readonly kernelSize: PerAxis<Axes>;
  readonly options: UnfoldOptions;

  constructor(outputSize: PerAxis<Axes>, kernelSize: PerAxis<Axes>, options: UnfoldOptions = {}) {
    super();
    checkOptions("Fold", options, ["dilation", "padding", "stride"]);
    perAxis("Fold", "outputSize", outputSize, 2, 1);
    checkWindow("Fold", kernelSize, options, 2);
    this.outputSize = outputSize;
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, window, channel · kernel height · kernel width]`
   * @returns `[batch, height, width, channel]`
   */
  forward(x: Tensor3D): Tensor4D {
    return fold(x, this.outputSize, this.kernelSize, this.options);
  }
}
