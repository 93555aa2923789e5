import { type Layer, type Linear, Module } from "@pellucid/core-train";
import { slice, squeeze, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { vitOptionsOf } from "./vit-config.ts";
import { vitLinear } from "./vit-layer.ts";
import { settleVitOptions, type VitOptions } from "./vit-options.ts";
import { Vit } from "./vit.ts";

/**
 * Classifies images by the features of the class token of a {@link Vit}, with the names of Hugging Face's `ViTForImageClassification`.
 *
 * Dosovitskiy et al., 2021. An image is worth 16x16 words. https://arxiv.org/abs/2010.11929
 */
export class VitForImageClassification extends Module implements Layer<Tensor4D, Tensor2D> {
  /**
   * The model that a `config.json` of ViT describes. Its classes are those of `id2label`.
   *
   * @throws {PretrainedError} If it needs what is not there.
   */
  static fromConfig(config: object, { rng }: Pick<VitOptions, "rng">): VitForImageClassification {
    return new VitForImageClassification({
      ...vitOptionsOf("VitForImageClassification.fromConfig", config),
      rng,
    });
  }

  readonly vit: Vit;
  readonly classifier: Linear;

  constructor(options: VitOptions) {
    super();
    const settled = settleVitOptions("VitForImageClassification", options);
    this.vit = new Vit(settled);
    this.classifier = vitLinear(settled.hiddenSize, settled.numLabels, settled.rng);
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns logits, `[batch, class]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const features = this.vit.forward(images);
      const [batch, , width] = features.shape;
      const summary: Tensor2D = squeeze(slice(features, [0, 0, 0], [batch, 1, width]), [1]);
      return this.classifier.forward(summary);
    });
  }
}
