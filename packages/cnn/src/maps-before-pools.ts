import { MaxPool2d } from "@pellucid/core-train";
import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { Chain, MapLayer } from "./chain.ts";

/** The last feature map of each resolution in a chain: the input of each max-pool, and the final output. */
export function mapsBeforePools(features: Chain, images: Tensor4D): Tensor4D[] {
  return tidy(() => {
    const maps: Tensor4D[] = [];
    let x = images;
    for (const layer of features.layers as readonly MapLayer[]) {
      if (layer instanceof MaxPool2d) maps.push(x);
      x = layer.forward(x);
    }
    return [...maps, x];
  });
}
