import {
  type Backbone,
  checkArguments,
  checkOptions,
  checkSizes,
  type FeatureMapInfo,
  type FeatureMaps,
  type Layer,
  Module,
  tidyLeaves,
} from "@pellucid/core-train";
import { type Rank, type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import type { ImageClassifier } from "./image-classifier.ts";

/**
 * A classifier without its head, as a backbone. The maps are named by their stages as in the paper of feature pyramids: `c1` has
 * stride 2, `c2` stride 4, …
 */
export class FeaturesOnly<M extends Module & ImageClassifier>
  extends Module
  implements Backbone, Layer<Tensor4D, FeatureMaps>
{
  readonly model: M;
  readonly maps: readonly FeatureMapInfo[];

  /**
   * @param options.inChannels channels of the images. Default: 3
   * @throws {StructError} For a model without `forwardFeatures`.
   */
  constructor(model: M, options: { readonly inChannels?: number } = {}) {
    super();
    checkArguments("FeaturesOnly", { "{ namedModules, forwardFeatures }": { model } });
    checkOptions("FeaturesOnly", options, ["inChannels"]);
    const { inChannels = 3 } = options;
    checkSizes("FeaturesOnly", { inChannels });
    this.model = model;
    this.maps = measure(model, inChannels);
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `c1`, `[batch, height / 2, width / 2, …]`, `c2`, `[batch, height / 4, width / 4, …]`, …
   */
  forward(images: Tensor4D): FeatureMaps {
    return Object.fromEntries(
      this.model.forwardFeatures(images).map((map, stage) => [nameOf(stage), map] as const),
    );
  }
}

const nameOf = (stage: number) => `c${stage + 1}`;

/** The maps of an image of zeros. Its size is a multiple of every stride, so that the strides are exact. */
function measure(model: ImageClassifier, inChannels: number): FeatureMapInfo[] {
  const size = 64;
  return tidyLeaves(() =>
    model.forwardFeatures(zeros<Rank.R4>([1, size, size, inChannels])).map(({ shape }, stage) => ({
      name: nameOf(stage),
      channels: shape[3],
      stride: size / shape[1],
    })),
  );
}
