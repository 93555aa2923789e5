import type { Layer, Rng } from "@pellucid/core-train";
import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";

/** Options that every classifier of images has. */
export interface ImageClassifierOptions {
  /** Where the first weights come from: PyTorch's own for the same seed. */
  readonly rng: Rng;
  /** Default: 1000, ImageNet's. */
  readonly numClasses?: number;
  /** Channels of the images. Default: 3. */
  readonly inChannels?: number;
}

/** A classifier of images that can be taken apart, to stand on its features or to learn other classes. */
export interface ImageClassifier extends Layer<Tensor4D, Tensor2D> {
  /** The path of the layer that gives the logits: `fc`, `classifier.6`. */
  readonly head: string;

  /**
   * The maps of each resolution, finest first: what a detector or a segmenter stands on. The caller's to dispose of.
   *
   * @param images `[batch, height, width, inChannels]`
   */
  forwardFeatures(images: Tensor4D): Tensor4D[];
}
