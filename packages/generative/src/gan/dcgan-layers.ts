import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  init,
  initialize,
  OptionError,
  type Rng,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Chain } from "../chain.ts";

/** Options for {@link DcganGenerator} and {@link DcganDiscriminator}. */
export interface DcganOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Height and width of the images, a power of two from 8. Default: 64. */
  readonly imageSize?: number;
  /** Channels of the images. Default: 3. */
  readonly imageChannels?: number;
  /** Channels of the layer next to the image, which doubles with each halving. Default: 64. */
  readonly channels?: number;
}

/** The channels of the layers between the image and its 4×4 map. */
export function doublings(caller: string, imageSize = 64, channels: number): number[] {
  const steps = Math.log2(imageSize) - 2;
  if (!Number.isInteger(steps) || steps < 1)
    throw new OptionError(caller, "imageSize", imageSize, "a power of two from 8");
  return Array.from({ length: steps }, (_, i) => channels * 2 ** i);
}

/** Convolutions from N(0, 0.02²), batch norms from N(1, 0.02²), in the order of the layers. */
export function drawAnew({ layers }: Chain<Tensor4D>, rng: Rng): void {
  for (const layer of layers) {
    if (layer instanceof Conv2d || layer instanceof ConvTranspose2d)
      initialize(layer, "weight", init.normal(0, 0.02), rng);
    if (layer instanceof BatchNorm2d) initialize(layer, "weight", init.normal(1, 0.02), rng);
  }
}
