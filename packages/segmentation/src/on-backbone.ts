import { type Backbone, checkShape, Module, tidyLeaves } from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./map-layer.ts";
import { resizeTo } from "./resize-to.ts";
import type { SegmentationModel, SegmentationOutput } from "./segmentation-output.ts";

/** Options for a segmentation model on a backbone. */
export interface OnBackboneOptions {
  /** The backbone's map that is classified. Default: `"out"`, else the last. */
  readonly outMap?: string;
  /** The backbone's map that an auxiliary head classifies, for training. Default: `"aux"` if there is one, else none. */
  readonly auxMap?: string;
}

/** A backbone, a head on one of its maps, and another on an earlier one, with torchvision's names. */
export abstract class OnBackbone<B extends Backbone = Backbone> extends Module implements SegmentationModel {
  readonly backbone: B;
  abstract readonly classifier: MapLayer;
  abstract readonly auxClassifier: MapLayer | null;
  abstract readonly outMap: string;
  abstract readonly auxMap: string | null;

  constructor(backbone: B) {
    super();
    this.backbone = backbone;
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `out`, and `aux` if there is such a head: logits `[batch, height, width, numClasses]`
   */
  forward(images: Tensor4D): SegmentationOutput {
    const { backbone, classifier, auxClassifier, outMap, auxMap } = this;
    checkShape(this.constructor.name, "images", images, ["batch", "height", "width", "channel"]);
    return tidyLeaves(() => {
      const maps = backbone.forward(images); // [batch, height / stride, width / stride, channel]
      const out = resizeTo(classifier.forward(maps[outMap] as Tensor4D), images); // [batch, height, width, numClasses]
      if (auxClassifier === null || auxMap === null) return { out };
      return { out, aux: resizeTo(auxClassifier.forward(maps[auxMap] as Tensor4D), images) };
    });
  }
}
