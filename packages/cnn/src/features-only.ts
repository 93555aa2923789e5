import { type Layer, Module } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { ImageClassifier } from "./image-classifier.ts";

/** A classifier without its head, as a backbone: images in, maps of each resolution out, finest first. */
export class FeaturesOnly<M extends Module & ImageClassifier>
  extends Module
  implements Layer<Tensor4D, Tensor4D[]>
{
  readonly model: M;

  constructor(model: M) {
    super();
    this.model = model;
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `[batch, height / 2, width / 2, …]`, `[batch, height / 4, width / 4, …]`, …
   */
  forward(images: Tensor4D): Tensor4D[] {
    return this.model.forwardFeatures(images);
  }
}
