import type { Layer, Rng } from "@pellucid/core-train";
import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";

/** The common options of image classifiers. */
export interface ImageClassifierOptions {
  /** Random generator for initialization. The same seed gives PyTorch's weights. */
  readonly rng: Rng;
  /** Default: 1000, ImageNet's. */
  readonly numClasses?: number;
  /** Channels of the images. Default: 3. */
  readonly inChannels?: number;
}

/** A classifier of images whose features and head can be used apart: for a backbone, or for other classes. */
export interface ImageClassifier extends Layer<Tensor4D, Tensor2D> {
  /** The path of the layer that computes the logits: `fc`, `classifier.6`. */
  readonly head: string;

  /**
   * The feature maps of each resolution, the finest first, for a detector or a segmentation model. The caller owns them.
   *
   * @param images `[batch, height, width, inChannels]`
   */
  forwardFeatures(images: Tensor4D): Tensor4D[];
}
