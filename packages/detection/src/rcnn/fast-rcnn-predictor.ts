import {
  checkOptions,
  checkRng,
  checkSizes,
  type Layer,
  Linear,
  Module,
  tidyLeaves,
} from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { HeadOptions } from "./two-mlp-head.ts";

/** What is predicted of regions. */
export interface RegionPredictions {
  /** `[region, class]`; class 0 is the background. */
  readonly classLogits: Tensor2D;
  /** `[region, 4 · class]` codes of a box per class. */
  readonly boxRegression: Tensor2D;
}

/**
 * The class and the box of regions, torchvision's `FastRCNNPredictor`, with its names and initial weights.
 *
 * Girshick, 2015. Fast R-CNN. https://arxiv.org/abs/1504.08083
 */
export class FastRCNNPredictor extends Module implements Layer<Tensor2D, RegionPredictions> {
  readonly clsScore: Linear;
  readonly bboxPred: Linear;

  /** @param numClasses including the background */
  constructor(inChannels: number, numClasses: number, options: HeadOptions) {
    super();
    checkRng("FastRCNNPredictor", options);
    checkOptions("FastRCNNPredictor", options, ["rng"]);
    checkSizes("FastRCNNPredictor", { inChannels, numClasses });
    this.clsScore = new Linear(inChannels, numClasses, options);
    this.bboxPred = new Linear(inChannels, numClasses * 4, options);
  }

  /** @param x `[region, feature]` */
  forward(x: Tensor2D): RegionPredictions {
    return tidyLeaves(() => ({
      classLogits: this.clsScore.forward(x),
      boxRegression: this.bboxPred.forward(x),
    }));
  }
}
