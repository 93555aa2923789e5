import {
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  type FeatureMaps,
  init,
  initialize,
  type Layer,
  Module,
  OptionError,
  type Rng,
  tidyLeaves,
} from "@pellucid/core-train";
import { type Tensor3D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { predictionsOfMaps } from "./predictions-of-maps.ts";

type MapLayer = Module & Layer<Tensor4D, Tensor4D>;

/** Options for {@link SSDHead}. */
export interface SSDHeadOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/** What SSD predicts of each default box. */
export type SSDOutputs = {
  /** `[batch, box, 4]` codes of boxes. */
  readonly bboxRegression: Tensor3D;
  /** `[batch, box, class]` logits; class 0 is the background. */
  readonly clsLogits: Tensor3D;
};

/** A layer for each feature map, which predicts `columns` numbers of each box: torchvision's `SSDScoringHead`, with its names. */
export class SSDScoringHead extends Module implements Layer<FeatureMaps, Tensor3D> {
  readonly moduleList: readonly MapLayer[];
  readonly numColumns: number;

  constructor(moduleList: readonly MapLayer[], numColumns: number) {
    super();
    this.moduleList = moduleList;
    this.numColumns = numColumns;
  }

  /** @returns `[batch, box, column]` */
  forward(features: FeatureMaps): Tensor3D {
    const maps = Object.keys(features).length;
    if (maps !== this.moduleList.length)
      throw new OptionError(
        "SSDScoringHead",
        "features",
        `${maps} maps`,
        `${this.moduleList.length}, one per layer`,
      );
    return tidy(() =>
      predictionsOfMaps(features, this.numColumns, (map, level) =>
        (this.moduleList[level] as MapLayer).forward(map),
      ),
    );
  }
}

/** @throws OptionError for sizes that are not above 0, or lists of different lengths */
export function checkMaps(
  caller: string,
  inChannels: readonly number[],
  numAnchors: readonly number[],
  numClasses: number,
): void {
  checkSizes(caller, { numClasses });
  for (const channels of inChannels) checkSizes(caller, { inChannels: channels });
  for (const anchors of numAnchors) checkSizes(caller, { numAnchors: anchors });
  if (numAnchors.length !== inChannels.length)
    throw new OptionError(
      caller,
      "numAnchors",
      `of ${numAnchors.length} maps`,
      `of ${inChannels.length}, as inChannels is`,
    );
}

/**
 * The head of SSD, torchvision's `SSDHead`, with its names and initial weights: a 3×3 convolution per map for classes, and one for boxes.
 *
 * Liu et al., 2016. SSD, section 2.1. https://arxiv.org/abs/1512.02325
 */
export class SSDHead extends Module implements Layer<FeatureMaps, SSDOutputs> {
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
    options: SSDHeadOptions,
  ) {
    super();
    checkRng("SSDHead", options);
    checkOptions("SSDHead", options, ["rng"]);
    checkMaps("SSDHead", inChannels, numAnchors, numClasses);
    const { rng } = options;
    const scoring = (columns: number): SSDScoringHead => {
      const convs = inChannels.map(
        (channels, map) => new Conv2d(channels, columns * (numAnchors[map] ?? 0), 3, { rng, padding: 1 }),
      );
      for (const conv of convs) {
        initialize(conv, "weight", init.xavierUniform(), rng);
        initialize(conv, "bias", init.constant(0), rng);
      }
      return new SSDScoringHead(convs, columns);
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
