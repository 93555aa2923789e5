import {
  type Backbone,
  checkOptions,
  checkRng,
  checkSizes,
  type Layer,
  Linear,
  Module,
  type Rng,
} from "@pellucid/core-train";
import { mean, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { lastMap } from "../yolo/last-map.ts";

/** Options for {@link LocalizationNet} and {@link LandmarkNet}. */
export interface LocalizationNetOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
}

/**
 * Classification with localization: one object in the image, or none. The coarsest map of a backbone, averaged over positions, predicts `[p_c, b_x, b_y, b_h, b_w, c_1, …]`: whether there is an object, its center and its size in
 * parts of the image, and its class. Trained with `localizationLoss`.
 *
 * The numbers are outputs of one linear layer, each with its own function: no softmax over all of them, as it is sometimes drawn.
 */
export class LocalizationNet extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly numClasses: number;
  readonly backbone: Backbone;
  readonly head: Linear;

  constructor(backbone: Backbone, numClasses: number, options: LocalizationNetOptions) {
    super();
    checkRng("LocalizationNet", options);
    checkOptions("LocalizationNet", options, ["rng"]);
    checkSizes("LocalizationNet", { numClasses });
    this.numClasses = numClasses;
    this.backbone = backbone;
    this.head = new Linear(lastMap("LocalizationNet", backbone).channels, 5 + numClasses, {
      rng: options.rng,
    });
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `[batch, 5 + class]`: the logit of `p_c`, the box, the logits of the classes
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => this.head.forward(pooled("LocalizationNet", this.backbone, images)));
  }
}

/** `[batch, channel]`: the coarsest map, averaged over positions. */
export function pooled(caller: string, backbone: Backbone, images: Tensor4D): Tensor2D {
  return tidy(() => mean(backbone.forward(images)[lastMap(caller, backbone).name] as Tensor4D, [1, 2]));
}
