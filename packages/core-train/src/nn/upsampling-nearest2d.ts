import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { interpolate, type InterpolateOptions } from "../op/interpolate.ts";
import { checkShape } from "../shape-error.ts";

/** Resizes images by nearest-neighbor interpolation, as `torch.nn.UpsamplingNearest2d`. See {@link interpolate}. */
export class UpsamplingNearest2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly options: Pick<InterpolateOptions, "size" | "scaleFactor">;

  constructor(options: Pick<InterpolateOptions, "size" | "scaleFactor">) {
    super();
    checkOptions("UpsamplingNearest2d", options, ["scaleFactor", "size"]);
    this.options = options;
  }

  /**
   * @param x `[batch, height, width, channel]`
   * @returns `[batch, height, width, channel]`
   */
  forward(x: Tensor4D): Tensor4D {
    checkShape("UpsamplingNearest2d", "x", x, ["batch", "height", "width", "channel"]);
    return interpolate(x, { ...this.options, mode: "nearest" });
  }
}
