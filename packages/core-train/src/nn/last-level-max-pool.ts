import type { Tensor4D } from "@tensorflow/tfjs-core";
import { Module } from "../module/module.ts";
import { maxPool2d } from "../op/max-pool2d.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import type { FeatureMaps } from "./backbone.ts";
import type { ExtraLevels, PyramidLevels } from "./extra-levels.ts";

/** Every second pixel of the last level of a pyramid as a level `pool`, torchvision's `LastLevelMaxPool`. */
export class LastLevelMaxPool extends Module implements ExtraLevels {
  readonly names = ["pool"];

  forward({ levels }: PyramidLevels): FeatureMaps {
    const last = Object.values(levels).at(-1) as Tensor4D;
    return tidyLeaves(() => ({ pool: maxPool2d(last, 1, { stride: 2 }) })); // [batch, height / 2, width / 2, channel]
  }
}
