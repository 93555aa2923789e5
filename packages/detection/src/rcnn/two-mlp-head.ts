import {
  checkOptions,
  checkRng,
  checkSizes,
  flatten,
  type Layer,
  Linear,
  Module,
  relu,
  type Rng,
} from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link TwoMLPHead} and {@link FastRCNNPredictor}. */
export interface HeadOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/** Two linear layers on pooled regions, torchvision's `TwoMLPHead`, with its names and initial weights. */
export class TwoMLPHead extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly fc6: Linear;
  readonly fc7: Linear;

  /** @param inChannels of a region: its height · width · channels */
  constructor(inChannels: number, representationSize: number, options: HeadOptions) {
    super();
    checkRng("TwoMLPHead", options);
    checkOptions("TwoMLPHead", options, ["rng"]);
    checkSizes("TwoMLPHead", { inChannels, representationSize });
    this.fc6 = new Linear(inChannels, representationSize, options);
    this.fc7 = new Linear(representationSize, representationSize, options);
  }

  /**
   * @param regions `[region, height, width, channel]`
   * @returns `[region, representationSize]`
   */
  forward(regions: Tensor4D): Tensor2D {
    return tidy(() => {
      const x = relu(this.fc6.forward(flatten(regions))); // [region, representationSize]
      return relu(this.fc7.forward(x));
    });
  }
}
