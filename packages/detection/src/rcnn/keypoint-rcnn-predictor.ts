import {
  checkOptions,
  checkRng,
  checkSizes,
  ConvTranspose2d,
  init,
  initialize,
  interpolate,
  type Layer,
  Module,
} from "@pellucid/core-train";
import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { HeadOptions } from "./two-mlp-head.ts";

/**
 * A heatmap per keypoint of regions, torchvision's `KeypointRCNNPredictor`, with its names and initial weights: four times as high and wide.
 *
 * He et al., 2017. Mask R-CNN, section 5. https://arxiv.org/abs/1703.06870
 */
export class KeypointRCNNPredictor extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly kpsScoreLowres: ConvTranspose2d;

  constructor(inChannels: number, numKeypoints: number, options: HeadOptions) {
    super();
    checkRng("KeypointRCNNPredictor", options);
    checkOptions("KeypointRCNNPredictor", options, ["rng"]);
    checkSizes("KeypointRCNNPredictor", { inChannels, numKeypoints });
    const { rng } = options;
    this.kpsScoreLowres = new ConvTranspose2d(inChannels, numKeypoints, 4, { rng, stride: 2, padding: 1 });
    initialize(this.kpsScoreLowres, "weight", init.kaimingNormal({ mode: "fanOut" }), rng);
    initialize(this.kpsScoreLowres, "bias", init.constant(0), rng);
  }

  /**
   * @param regions `[region, height, width, channel]`
   * @returns logits `[region, 4 · height, 4 · width, keypoint]`
   */
  forward(regions: Tensor4D): Tensor4D {
    return tidy(() =>
      interpolate(this.kpsScoreLowres.forward(regions), { scaleFactor: 2, mode: "bilinear" }),
    );
  }
}
