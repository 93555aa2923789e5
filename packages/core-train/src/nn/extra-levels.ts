import type { Layer } from "../module/layer.ts";
import type { FeatureMaps } from "./backbone.ts";

/** What further levels of a pyramid are made from. */
export interface PyramidLevels {
  /** The levels of the pyramid, the finest first. */
  readonly levels: FeatureMaps;
  /** The feature maps below it, the finest first. */
  readonly inputs: FeatureMaps;
}

/** Makes coarser levels on top of a feature pyramid, torchvision's `ExtraFPNBlock`: the new ones alone, the finest first. */
export interface ExtraLevels extends Layer<PyramidLevels, FeatureMaps> {
  /** The names of the new levels, each of twice the stride of the previous. */
  readonly names: readonly string[];
}
