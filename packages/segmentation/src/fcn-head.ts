import {
  BatchNorm2d,
  checkRng,
  checkSizes,
  Conv2d,
  Dropout,
  ReLU,
  type Rng,
  Sequential,
} from "@pellucid/core-train";
import type { MapLayer } from "./map-layer.ts";

/**
 * The head of {@link Fcn}, torchvision's `FCNHead`: a 3×3 convolution to a quarter of the channels with batch norm and ReLU, dropout,
 * and a 1×1 convolution to logits.
 */
export class FcnHead extends Sequential<readonly MapLayer[]> {
  constructor(inChannels: number, numClasses: number, options: { readonly rng: Rng }) {
    checkRng("FcnHead", options);
    checkSizes("FcnHead", { inChannels, numClasses });
    const { rng } = options;
    const inner = Math.floor(inChannels / 4);
    checkSizes("FcnHead", { "inChannels / 4": inner });
    super(
      new Conv2d(inChannels, inner, 3, { rng, padding: 1, bias: false }),
      new BatchNorm2d(inner),
      new ReLU(),
      new Dropout(0.1, { rng }),
      new Conv2d(inner, numClasses, 1, { rng }),
    );
  }
}
