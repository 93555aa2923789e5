import {
  type Backbone,
  checkOptions,
  checkRng,
  checkSizes,
  type Layer,
  Linear,
  Module,
} from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { lastMap } from "../yolo/last-map.ts";
import { type LocalizationNetOptions, pooled } from "./localization-net.ts";

/**
 * Landmarks of one object, such as the corners of eyes and mouth of a face or the joints of a body: the coarsest map of a backbone, averaged over positions, predicts `[p, x_1, y_1, x_2, y_2, …]`, whether
 * the object is there and where each of its points is, in parts of the image. Point 1 must be the same point of the object in every image.
 */
export class LandmarkNet extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly points: number;
  readonly backbone: Backbone;
  readonly head: Linear;

  /** @param points how many landmarks: 64 of a face */
  constructor(backbone: Backbone, points: number, options: LocalizationNetOptions) {
    super();
    checkRng("LandmarkNet", options);
    checkOptions("LandmarkNet", options, ["rng"]);
    checkSizes("LandmarkNet", { points });
    this.points = points;
    this.backbone = backbone;
    this.head = new Linear(lastMap("LandmarkNet", backbone).channels, 1 + 2 * points, { rng: options.rng });
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `[batch, 1 + 2 · point]`: the logit of `p`, then `x` and `y` of each point
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => this.head.forward(pooled("LandmarkNet", this.backbone, images)));
  }
}
