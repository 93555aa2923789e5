import {
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  convNormActivation,
  type FeatureMaps,
  type HasTorchLayout,
  init,
  initialize,
  type Layer,
  Module,
  ReLU,
  type Rng,
  Sequential,
  tidyLeaves,
  type TorchLayout,
} from "@pellucid/core-train";
import { type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { predictionsOfMaps } from "./predictions-of-maps.ts";
import { redrawConvolutions } from "./redraw-convolutions.ts";

type MapLayer = Layer<Tensor4D, Tensor4D>;

/** Options for {@link RetinaNetHead}. */
export interface RetinaNetHeadOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Makes a normalization layer for a number of channels; then convolutions have no bias. Default: none. */
  readonly normLayer?: ((channels: number) => MapLayer) | null;
}

/** What RetinaNet predicts of each anchor. */
export type RetinaNetOutputs = {
  /** `[batch, anchor, class]` logits. */
  readonly clsLogits: Tensor3D;
  /** `[batch, anchor, 4]` codes of boxes. */
  readonly bboxRegression: Tensor3D;
};

/** The head of RetinaNet, torchvision's `RetinaNetHead`, with its names and initial weights. */
export class RetinaNetHead extends Module implements Layer<FeatureMaps, RetinaNetOutputs> {
  readonly classificationHead: RetinaNetClassificationHead;
  readonly regressionHead: RetinaNetRegressionHead;

  /** @param numAnchors of each position */
  constructor(inChannels: number, numAnchors: number, numClasses: number, options: RetinaNetHeadOptions) {
    super();
    checkRng("RetinaNetHead", options);
    checkOptions("RetinaNetHead", options, ["rng", "normLayer"]);
    checkSizes("RetinaNetHead", { inChannels, numAnchors, numClasses });
    this.classificationHead = new RetinaNetClassificationHead(inChannels, numAnchors, numClasses, options);
    this.regressionHead = new RetinaNetRegressionHead(inChannels, numAnchors, options);
  }

  /** @param features `[batch, height, width, channel]` each */
  forward(features: FeatureMaps): RetinaNetOutputs {
    return tidyLeaves(() => ({
      clsLogits: this.classificationHead.forward(features),
      bboxRegression: this.regressionHead.forward(features),
    }));
  }
}

/** Four convolutions, then the logits of each anchor's classes, which start at a probability of 0.01. */
export class RetinaNetClassificationHead
  extends Module
  implements Layer<FeatureMaps, Tensor3D>, HasTorchLayout
{
  readonly conv: Sequential<readonly MapLayer[]>;
  readonly clsLogits: Conv2d;
  readonly numClasses: number;

  constructor(inChannels: number, numAnchors: number, numClasses: number, options: RetinaNetHeadOptions) {
    super();
    checkRng("RetinaNetClassificationHead", options);
    checkSizes("RetinaNetClassificationHead", { inChannels, numAnchors, numClasses });
    const { rng } = options;
    this.conv = tower(inChannels, options);
    redrawConvolutions(this.conv, 0.01, rng);
    this.clsLogits = new Conv2d(inChannels, numAnchors * numClasses, 3, { rng, padding: 1 });
    initialize(this.clsLogits, "weight", init.normal(0, 0.01), rng);
    initialize(this.clsLogits, "bias", init.constant(-Math.log(0.99 / 0.01)), rng);
    this.numClasses = numClasses;
  }

  /** Files of torchvision before 0.13 count the activations too: `conv.2` for the second convolution. */
  get torchLayout(): TorchLayout {
    return towerLayout;
  }

  /** @returns `[batch, anchor, class]` */
  forward(features: FeatureMaps): Tensor3D {
    return tidy(() =>
      predictionsOfMaps(features, this.numClasses, (map) => this.clsLogits.forward(this.conv.forward(map))),
    );
  }
}

/** Four convolutions, then the code of each anchor's box. */
export class RetinaNetRegressionHead extends Module implements Layer<FeatureMaps, Tensor3D>, HasTorchLayout {
  readonly conv: Sequential<readonly MapLayer[]>;
  readonly bboxReg: Conv2d;

  constructor(inChannels: number, numAnchors: number, options: RetinaNetHeadOptions) {
    super();
    checkRng("RetinaNetRegressionHead", options);
    checkSizes("RetinaNetRegressionHead", { inChannels, numAnchors });
    const { rng } = options;
    this.conv = tower(inChannels, options);
    this.bboxReg = new Conv2d(inChannels, numAnchors * 4, 3, { rng, padding: 1 });
    initialize(this.bboxReg, "weight", init.normal(0, 0.01), rng);
    initialize(this.bboxReg, "bias", init.constant(0), rng);
    redrawConvolutions(this.conv, 0.01, rng);
  }

  /** Files of torchvision before 0.13 count the activations too: `conv.2` for the second convolution. */
  get torchLayout(): TorchLayout {
    return towerLayout;
  }

  /** @returns `[batch, anchor, 4]` */
  forward(features: FeatureMaps): Tensor3D {
    return tidy(() => predictionsOfMaps(features, 4, (map) => this.bboxReg.forward(this.conv.forward(map))));
  }
}

const towerLayout: TorchLayout = Object.fromEntries(
  [0, 1, 2, 3].map((i) => [`conv.${i}.0`, { aliases: [`../${2 * i}`] }]),
);

function tower(
  channels: number,
  { rng, normLayer = null }: RetinaNetHeadOptions,
): Sequential<readonly MapLayer[]> {
  const convs = Array.from({ length: 4 }, () =>
    convNormActivation(channels, channels, 3, { rng, normLayer, activation: new ReLU() }),
  );
  return new Sequential<readonly MapLayer[]>(...convs);
}
