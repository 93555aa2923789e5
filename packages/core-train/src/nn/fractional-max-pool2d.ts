import { perAxis } from "../op/per-axis.ts";
import { checkRng } from "../check-values.ts";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { fractionalMaxPool2d } from "../op/fractional-max-pool2d.ts";
import type { FractionalMaxPool2dOptions } from "../op/fractional-max-pool2d-with-indices.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link fractionalMaxPool2d} as a layer: each forward pass draws new windows. */
export class FractionalMaxPool2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly kernelSize: PerAxis<readonly [height: number, width: number]>;
  readonly options: FractionalMaxPool2dOptions;

  constructor(
    kernelSize: PerAxis<readonly [height: number, width: number]>,
    options: FractionalMaxPool2dOptions,
  ) {
    super();
    checkRng("FractionalMaxPool2d", options);
    checkOptions("FractionalMaxPool2d", options, ["rng", "outputRatio", "outputSize"]);
    perAxis("FractionalMaxPool2d", "kernelSize", kernelSize, 2, 1);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, height, width, channel]`
   */
  forward(x: Tensor4D): Tensor4D {
    return fractionalMaxPool2d(x, this.kernelSize, this.options);
  }
}
