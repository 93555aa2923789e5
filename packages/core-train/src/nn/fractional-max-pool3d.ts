import { perAxis } from "../op/per-axis.ts";
import { checkRng } from "../check-values.ts";
import type { Tensor5D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { fractionalMaxPool3d } from "../op/fractional-max-pool3d.ts";
import type { FractionalMaxPool3dOptions } from "../op/fractional-max-pool3d-with-indices.ts";
import type { PerAxis } from "../op/per-axis.ts";

/** {@link fractionalMaxPool3d} as a layer: each forward pass draws new windows. */
export class FractionalMaxPool3d extends Module implements Layer<Tensor5D, Tensor5D> {
  readonly kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>;
  readonly options: FractionalMaxPool3dOptions;

  constructor(
    kernelSize: PerAxis<readonly [depth: number, height: number, width: number]>,
    options: FractionalMaxPool3dOptions,
  ) {
    super();
    checkRng("FractionalMaxPool3d", options);
    checkOptions("FractionalMaxPool3d", options, ["rng", "outputRatio", "outputSize"]);
    perAxis("FractionalMaxPool3d", "kernelSize", kernelSize, 3, 1);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /**
   * @param x `[batch, depth, height, width, channel]`
   * @returns `[batch, depth, height, width, channel]`
   */
  forward(x: Tensor5D): Tensor5D {
    return fractionalMaxPool3d(x, this.kernelSize, this.options);
  }
}
