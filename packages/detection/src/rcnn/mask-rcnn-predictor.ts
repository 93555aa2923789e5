import {
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  ConvTranspose2d,
  init,
  initialize,
  type Layer,
  Module,
  relu,
} from "@pellucid/core-train";
import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { HeadOptions } from "./two-mlp-head.ts";

/**
 * A mask per class of regions, torchvision's `MaskRCNNPredictor`, with its names and initial weights: twice as high and wide.
 *
 * He et al., 2017. Mask R-CNN, figure 4. https://arxiv.org/abs/1703.06870
 */
export class MaskRCNNPredictor extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly conv5Mask: ConvTranspose2d;
  readonly maskFcnLogits: Conv2d;

  /** @param numClasses including the background */
  constructor(inChannels: number, dimReduced: number, numClasses: number, options: HeadOptions) {
    super();
    checkRng("MaskRCNNPredictor", options);
    checkOptions("MaskRCNNPredictor", options, ["rng"]);
    checkSizes("MaskRCNNPredictor", { inChannels, dimReduced, numClasses });
    const { rng } = options;
    this.conv5Mask = new ConvTranspose2d(inChannels, dimReduced, 2, { rng, stride: 2 });
    this.maskFcnLogits = new Conv2d(dimReduced, numClasses, 1, { rng });
    for (const layer of [this.conv5Mask, this.maskFcnLogits])
      initialize(layer, "weight", init.kaimingNormal({ mode: "fanOut" }), rng);
  }

  /**
   * @param regions `[region, height, width, channel]`
   * @returns logits `[region, 2 · height, 2 · width, class]`
   */
  forward(regions: Tensor4D): Tensor4D {
    return tidy(() => this.maskFcnLogits.forward(relu(this.conv5Mask.forward(regions))));
  }
}
