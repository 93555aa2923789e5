import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { Chain, MapLayer } from "./chain.ts";

/**
 * The maps of the stages of a net, the finest first: of layers at odd indices, before which a stem or another layer halves the size.
 *
 * @param images `[batch, height, width, channel]`
 */
export function forwardStages(features: Chain, images: Tensor4D): Tensor4D[] {
  return tidy(() => {
    const maps: Tensor4D[] = [];
    let x = images;
    for (const [i, layer] of (features.layers as readonly MapLayer[]).entries()) {
      x = layer.forward(x);
      if (i % 2 === 1) maps.push(x);
    }
    return maps;
  });
}
