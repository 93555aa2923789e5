import {
  BatchNorm2d,
  checkOptions,
  checkRng,
  Conv2d,
  convNormActivation,
  type FeatureMaps,
  type Layer,
  Module,
  ReLU6,
  type Rng,
  Sequential,
  tidyLeaves,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkMaps, type SSDOutputs, SSDScoringHead } from "./ssd-head.ts";
import { redrawConvolutions } from "./redraw-convolutions.ts";

type MapLayer = Layer<Tensor4D, Tensor4D>;

/** Options for {@link SSDLiteHead} and {@link SSDLiteFeatureExtractor}. */
export interface SSDLiteOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Makes a normalization layer for a number of channels. Default: batch norm with eps 0.001 and momentum 0.03. */
  readonly normLayer?: (channels: number) => MapLayer;
}

/** SSDLite's normalization. */
export const ssdLiteNorm = (channels: number): MapLayer =>
  new BatchNorm2d(channels, { eps: 0.001, momentum: 0.03 });

/**
 * The head of SSDLite, torchvision's `SSDLiteHead`, with its names and initial weights: depthwise separable convolutions.
 *
 * Sandler et al., 2018. MobileNetV2, section 6.2. https://arxiv.org/abs/1801.04381
 */
export class SSDLiteHead extends Module implements Layer<FeatureMaps, SSDOutputs> {
  readonly classificationHead: SSDScoringHead;
  readonly regressionHead: SSDScoringHead;

  /**
   * @param inChannels of each map
   * @param numAnchors of each position of each map
   * @param numClasses including the background
   */
  constructor(
    inChannels: readonly number[],
    numAnchors: readonly number[],
    numClasses: number,
    options: SSDLiteOptions,
  ) {
    super();
    checkRng("SSDLiteHead", options);
    checkOptions("SSDLiteHead", options, ["rng", "normLayer"]);
    checkMaps("SSDLiteHead", inChannels, numAnchors, numClasses);
    const { rng, normLayer = ssdLiteNorm } = options;
    const scoring = (columns: number): SSDScoringHead => {
      const blocks = inChannels.map((channels, map) => {
        const depthwise = convNormActivation(channels, channels, 3, {
          rng,
          groups: channels,
          normLayer,
          activation: new ReLU6(),
        });
        const pointwise = new Conv2d(channels, columns * (numAnchors[map] ?? 0), 1, { rng });
        return new Sequential<readonly MapLayer[]>(depthwise, pointwise);
      });
      for (const block of blocks) redrawConvolutions(block, 0.03, rng);
      return new SSDScoringHead(blocks, columns);
    };
    this.classificationHead = scoring(numClasses);
    this.regressionHead = scoring(4);
  }

  /** @param features `[batch, height, width, channel]` each */
  forward(features: FeatureMaps): SSDOutputs {
    return tidyLeaves(() => ({
      bboxRegression: this.regressionHead.forward(features),
      clsLogits: this.classificationHead.forward(features),
    }));
  }
}
