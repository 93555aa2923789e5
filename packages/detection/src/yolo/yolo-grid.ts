import {
  type Backbone,
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  type Image,
  type Layer,
  Module,
  type Rng,
  tidyLeaves,
} from "@pellucid/core-train";
import { type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { Decoded } from "../decode/decoded.ts";
import type { Detections } from "../models/detections.ts";
import { decodeGrid, gridPrediction } from "./decode-grid.ts";
import { detectImage, type DetectOptions } from "./detect-image.ts";
import { lastMap } from "./last-map.ts";

/** Options for {@link YoloGrid}. */
export interface YoloGridOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/**
 * A detector with one object for each cell of a grid, as YOLO v1: a convolution on the coarsest map of a backbone predicts the label of each cell, see `gridTarget`. Trained with `gridLoss`.
 * Redmon et al., 2016. https://arxiv.org/abs/1506.02640
 */
export class YoloGrid extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly numClasses: number;
  readonly backbone: Backbone;
  readonly head: Conv2d;

  constructor(backbone: Backbone, numClasses: number, options: YoloGridOptions) {
    super();
    checkRng("YoloGrid", options);
    checkOptions("YoloGrid", options, ["rng"]);
    checkSizes("YoloGrid", { numClasses });
    this.numClasses = numClasses;
    this.backbone = backbone;
    this.head = new Conv2d(lastMap("YoloGrid", backbone).channels, 5 + numClasses, 1, { rng: options.rng });
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `[batch, row, column, 5 + class]`: logits of `p_c`, `b_x` and `b_y`, the roots of `b_h` and `b_w`, and logits of the classes
   */
  forward(images: Tensor4D): Tensor4D {
    return tidy(() => {
      const maps = this.backbone.forward(images);
      return this.head.forward(maps[lastMap("YoloGrid", this.backbone).name] as Tensor4D);
    });
  }

  /**
   * The box and the scores of each cell, in pixels of the images.
   *
   * @param images `[batch, height, width, channel]`
   */
  decode(images: Tensor4D): Decoded {
    const [, height, width] = images.shape;
    return tidyLeaves(() => decodeGrid(gridPrediction(this.forward(images)), [height, width]));
  }

  /** What is in an image, in its own pixels. */
  detect(image: Image, options: DetectOptions = {}): Promise<Detections> {
    return detectImage((images) => this.decode(images), image, options);
  }
}
