import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";

/** Feature maps by name, `[batch, height / stride, width / stride, channel]` each. */
export type FeatureMaps = Readonly<Record<string, Tensor4D>>;

/** One of the maps that a {@link Backbone} gives. */
export interface FeatureMapInfo {
  readonly name: string;
  readonly channels: number;
  /** How many pixels of the image lie between two neighbors of the map. */
  readonly stride: number;
}

/**
 * What a detector or a segmentation model builds on: images in, feature maps of several resolutions out.
 *
 * A feature pyramid on a backbone is a backbone again, whose maps all have the same number of channels. torchvision has
 * `IntermediateLayerGetter` and `BackboneWithFPN` for the two.
 *
 * Lin et al., 2017. Feature pyramid networks for object detection. https://arxiv.org/abs/1612.03144
 */
export interface Backbone extends Layer<Tensor4D, FeatureMaps> {
  /** The maps that `forward` gives, the finest first. */
  readonly maps: readonly FeatureMapInfo[];
}
