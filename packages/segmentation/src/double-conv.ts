import {
  BatchNorm2d,
  checkRng,
  checkSizes,
  Conv2d,
  Module,
  ReLU,
  type Rng,
  Sequential,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./map-layer.ts";

/** Options for {@link DoubleConv}. */
export interface DoubleConvOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Channels after the first convolution. Default: `outChannels`. */
  readonly midChannels?: number;
}

/** Two 3×3 convolutions without biases, each followed by batch norm and ReLU: the unit of {@link UNet}. */
export class DoubleConv extends Module implements MapLayer {
  readonly doubleConv: Sequential<readonly MapLayer[]>;

  constructor(inChannels: number, outChannels: number, options: DoubleConvOptions) {
    super();
    checkRng("DoubleConv", options);
    const { rng, midChannels = outChannels } = options;
    checkSizes("DoubleConv", { inChannels, outChannels, midChannels });
    this.doubleConv = new Sequential<readonly MapLayer[]>(
      new Conv2d(inChannels, midChannels, 3, { rng, padding: 1, bias: false }),
      new BatchNorm2d(midChannels),
      new ReLU(),
      new Conv2d(midChannels, outChannels, 3, { rng, padding: 1, bias: false }),
      new BatchNorm2d(outChannels),
      new ReLU(),
    );
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height, width, outChannels]`
   */
  forward(x: Tensor4D): Tensor4D {
    return this.doubleConv.forward(x);
  }
}
