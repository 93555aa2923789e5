import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";

/** Feature maps by name, `[batch, height / stride, width / stride, channel]` each. */
export type FeatureMaps = Readonly<Record<string, Tensor4D>>;

/** One of the feature maps of a {@link Backbone}. */
export interface FeatureMapInfo {
  readonly name: string;
  readonly channels: number;
  /** The spacing of two neighboring elements of the map, in pixels of the image. */
  readonly stride: number;
}

/**
 * The base of a detector or a segmentation model: from images to feature maps of several resolutions.
 *
 * A feature pyramid on a backbone is a backbone again, whose maps all have the same number of channels. torchvision has
 * `IntermediateLayerGetter` and `BackboneWithFPN` for the two.
 *
 * Lin et al., 2017. Feature pyramid networks for object detection. https://arxiv.org/abs/1612.03144
 */
export interface Backbone extends Layer<Tensor4D, FeatureMaps> {
  /** The maps that `forward` returns, the finest first. */
  readonly maps: readonly FeatureMapInfo[];
}
