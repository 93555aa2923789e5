import type { FeatureMaps, Layer } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/** What a segmentation model returns, as torchvision's: logits of the size of the images. */
export interface SegmentationOutput {
  /** Logits `[batch, height, width, class]`. */
  readonly out: Tensor4D;
  /** Logits of the auxiliary head, which only training uses. Absent without one. */
  readonly aux?: Tensor4D;
}

/** A model from images to logits of each pixel's class. */
export type SegmentationModel = Layer<Tensor4D, SegmentationOutput>;

/** A layer from several feature maps of a backbone to one map of logits. */
export type SegmentationHead = Layer<FeatureMaps, Tensor4D>;
