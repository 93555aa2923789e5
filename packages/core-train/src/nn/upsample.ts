import { checkChoice } from "../check-values.ts";
import { type Tensor3D, type Tensor4D, type Tensor5D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { interpolate, type InterpolateOptions } from "../op/interpolate.ts";

const modes = ["nearest", "nearest-exact", "linear", "bilinear", "trilinear", "bicubic", "area"] as const;

type Spatial = Tensor3D | Tensor4D | Tensor5D;

/** {@link interpolate} as a layer. */
export class Upsample extends Module implements Layer<Spatial, Spatial> {
  readonly options: Omit<InterpolateOptions, "antialias">;

  constructor(options: Omit<InterpolateOptions, "antialias">) {
    super();
    checkOptions("Upsample", options, ["alignCorners", "mode", "scaleFactor", "size"]);
    checkChoice("Upsample", "mode", options.mode ?? "nearest", modes);
    this.options = options;
  }

  /**
   * @param x `[batch, ...size, channel]`
   * @returns `[batch, ...size, channel]`
   */
  forward<X extends Spatial>(x: X): X {
    return interpolate(x, this.options);
  }
}
