import { type Backbone, checkArguments, type Layer, Module } from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { lastMap } from "../yolo/last-map.ts";

/** Runs a backbone on each warped region by itself, and layers on its last map: what the R-CNN has in place of a head. */
export class RegionNetwork extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly backbone: Module & Backbone;
  readonly head: Module & Layer<Tensor4D, Tensor2D>;

  constructor(backbone: Module & Backbone, head: Module & Layer<Tensor4D, Tensor2D>) {
    super();
    checkArguments("RegionNetwork", { "{ maps, forward }": { backbone }, "{ forward }": { head } });
    this.backbone = backbone;
    this.head = head;
  }

  /**
   * @param regions `[region, height, width, color]`
   * @returns `[region, feature]`
   */
  forward(regions: Tensor4D): Tensor2D {
    return tidy(() => {
      const { name } = lastMap("RegionNetwork", this.backbone);
      const maps = this.backbone.forward(regions);
      return this.head.forward(maps[name] as Tensor4D);
    });
  }
}
