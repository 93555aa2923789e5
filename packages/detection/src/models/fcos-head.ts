import {
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  type FeatureMaps,
  GroupNorm,
  init,
  initialize,
  type Layer,
  Module,
  ReLU,
  relu,
  type Rng,
  Sequential,
  tidyLeaves,
} from "@pellucid/core-train";
import { type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { predictionsOfMaps } from "./predictions-of-maps.ts";
import { redrawConvolutions } from "./redraw-convolutions.ts";

type MapLayer = Layer<Tensor4D, Tensor4D>;

/** Options for {@link FCOSHead}. */
export interface FCOSHeadOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many convolutions come before the predictions. Default: 4. */
  readonly numConvs?: number;
  /** Makes a normalization layer for a number of channels. Default: a group norm of 32 groups. */
  readonly normLayer?: (channels: number) => MapLayer;
}

/** What FCOS predicts of each position. */
export type FCOSOutputs = {
  /** `[batch, position, class]` logits. */
  readonly clsLogits: Tensor3D;
  /** `[batch, position, 4]`: the distances to the edges, by the size of the anchor. */
  readonly bboxRegression: Tensor3D;
  /** `[batch, position, 1]` logits of how central the position is in its object. */
  readonly bboxCtrness: Tensor3D;
};

/** The head of FCOS, torchvision's `FCOSHead`, with its names and initial weights. */
export class FCOSHead extends Module implements Layer<FeatureMaps, FCOSOutputs> {
  readonly classificationHead: FCOSClassificationHead;
  readonly regressionHead: FCOSRegressionHead;

  constructor(inChannels: number, numAnchors: number, numClasses: number, options: FCOSHeadOptions) {
    super();
    checkRng("FCOSHead", options);
    checkOptions("FCOSHead", options, ["rng", "numConvs", "normLayer"]);
    checkSizes("FCOSHead", { inChannels, numAnchors, numClasses, numConvs: options.numConvs ?? 4 });
    this.classificationHead = new FCOSClassificationHead(inChannels, numAnchors, numClasses, options);
    this.regressionHead = new FCOSRegressionHead(inChannels, numAnchors, options);
  }

  /** @param features `[batch, height, width, channel]` each */
  forward(features: FeatureMaps): FCOSOutputs {
    return tidyLeaves(() => ({
      clsLogits: this.classificationHead.forward(features),
      ...this.regressionHead.forward(features),
    }));
  }
}

/** Convolutions, then the logits of each position's classes, which start at a probability of 0.01. */
export class FCOSClassificationHead extends Module implements Layer<FeatureMaps, Tensor3D> {
  readonly conv: Sequential<readonly MapLayer[]>;
  readonly clsLogits: Conv2d;
  readonly numClasses: number;

  constructor(inChannels: number, numAnchors: number, numClasses: number, options: FCOSHeadOptions) {
    super();
    checkRng("FCOSClassificationHead", options);
    checkSizes("FCOSClassificationHead", {
      inChannels,
      numAnchors,
      numClasses,
      numConvs: options.numConvs ?? 4,
    });
    const { rng } = options;
    this.conv = tower(inChannels, options);
    redrawConvolutions(this.conv, 0.01, rng);
    this.clsLogits = new Conv2d(inChannels, numAnchors * numClasses, 3, { rng, padding: 1 });
    initialize(this.clsLogits, "weight", init.normal(0, 0.01), rng);
    initialize(this.clsLogits, "bias", init.constant(-Math.log(0.99 / 0.01)), rng);
    this.numClasses = numClasses;
  }

  /** @returns `[batch, position, class]` */
  forward(features: FeatureMaps): Tensor3D {
    return tidy(() =>
      predictionsOfMaps(features, this.numClasses, (map) => this.clsLogits.forward(this.conv.forward(map))),
    );
  }
}

/** Convolutions, then the distances of each position to the edges of its object, and how central it is. */
export class FCOSRegressionHead
  extends Module
  implements Layer<FeatureMaps, Pick<FCOSOutputs, "bboxRegression" | "bboxCtrness">>
{
  readonly conv: Sequential<readonly MapLayer[]>;
  readonly bboxReg: Conv2d;
  readonly bboxCtrness: Conv2d;

  constructor(inChannels: number, numAnchors: number, options: FCOSHeadOptions) {
    super();
    checkRng("FCOSRegressionHead", options);
    checkSizes("FCOSRegressionHead", { inChannels, numAnchors, numConvs: options.numConvs ?? 4 });
    const { rng } = options;
    this.conv = tower(inChannels, options);
    this.bboxReg = new Conv2d(inChannels, numAnchors * 4, 3, { rng, padding: 1 });
    this.bboxCtrness = new Conv2d(inChannels, numAnchors, 3, { rng, padding: 1 });
    for (const layer of [this.bboxReg, this.bboxCtrness]) {
      initialize(layer, "weight", init.normal(0, 0.01), rng);
      initialize(layer, "bias", init.constant(0), rng);
    }
    redrawConvolutions(this.conv, 0.01, rng);
  }

  forward(features: FeatureMaps): Pick<FCOSOutputs, "bboxRegression" | "bboxCtrness"> {
    return tidyLeaves(() => {
      const shared = Object.fromEntries(
        Object.entries(features).map(([name, map]) => [name, this.conv.forward(map)]),
      );
      return {
        bboxRegression: predictionsOfMaps(shared, 4, (map) => relu(this.bboxReg.forward(map))),
        bboxCtrness: predictionsOfMaps(shared, 1, (map) => this.bboxCtrness.forward(map)),
      };
    });
  }
}

function tower(
  channels: number,
  { rng, numConvs = 4, normLayer = (own) => new GroupNorm(32, own) as MapLayer }: FCOSHeadOptions,
): Sequential<readonly MapLayer[]> {
  const layers = Array.from({ length: numConvs }, () => [
    new Conv2d(channels, channels, 3, { rng, padding: 1 }),
    normLayer(channels),
    new ReLU(),
  ]);
  return new Sequential<readonly MapLayer[]>(...layers.flat());
}
