import {
  AdaptiveAvgPool2d,
  type Backbone,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Conv2d,
  convNormActivation,
  Module,
  ReLU,
  type Rng,
  Sequential,
  Sigmoid,
  tidyLeaves,
} from "@pellucid/core-train";
import { add, mul, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { backboneMap } from "./backbone-map.ts";
import type { MapLayer } from "./map-layer.ts";
import { resizeTo } from "./resize-to.ts";
import type { SegmentationModel, SegmentationOutput } from "./segmentation-output.ts";

/** Options for {@link LrAspp}. */
export interface LrAsppOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The backbone's fine map, of stride 8. Default: `"low"`, else its first. */
  readonly lowMap?: string;
  /** The backbone's coarse map, of stride 16. Default: `"high"`, else its last. */
  readonly highMap?: string;
  /** Channels within the head. Default: 128. */
  readonly interChannels?: number;
}

/**
 * A light head for phones: the coarse map, gated by its own mean, is interpolated to a fine map, and both are classified and added.
 * torchvision's `LRASPP`, with its names.
 *
 * Howard et al., 2019, section 6.4. https://arxiv.org/abs/1905.02244
 */
export class LrAspp<B extends Backbone = Backbone> extends Module implements SegmentationModel {
  readonly backbone: B;
  readonly classifier: LrAsppHead;
  readonly lowMap: string;
  readonly highMap: string;

  constructor(backbone: B, numClasses: number, options: LrAsppOptions) {
    super();
    checkRng("LrAspp", options);
    checkOptions("LrAspp", options, ["rng", "lowMap", "highMap", "interChannels"]);
    const { rng, lowMap, highMap, interChannels = 128 } = options;
    checkSizes("LrAspp", { numClasses, interChannels });
    const first = backbone?.maps?.some(({ name }) => name === "low") ? "low" : backbone?.maps?.[0]?.name;
    const low = backboneMap("LrAspp", "lowMap", backbone, lowMap ?? first, "low");
    const high = backboneMap("LrAspp", "highMap", backbone, highMap, "high");
    this.backbone = backbone;
    this.classifier = new LrAsppHead(low.channels, high.channels, numClasses, { rng, interChannels });
    this.lowMap = low.name;
    this.highMap = high.name;
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `out`: logits `[batch, height, width, numClasses]`
   */
  forward(images: Tensor4D): SegmentationOutput {
    checkShape("LrAspp", "images", images, ["batch", "height", "width", "channel"]);
    return tidyLeaves(() => {
      const maps = this.backbone.forward(images);
      const low = maps[this.lowMap] as Tensor4D; //   [batch, height / 8, width / 8, …]
      const high = maps[this.highMap] as Tensor4D; // [batch, height / 16, width / 16, …]
      return { out: resizeTo(this.classifier.forward({ low, high }), images) };
    });
  }
}

class LrAsppHead extends Module {
  readonly cbr: Sequential<readonly MapLayer[]>;
  readonly scale: Sequential<readonly MapLayer[]>;
  readonly lowClassifier: Conv2d;
  readonly highClassifier: Conv2d;

  constructor(
    lowChannels: number,
    highChannels: number,
    numClasses: number,
    { rng, interChannels }: { readonly rng: Rng; readonly interChannels: number },
  ) {
    super();
    this.cbr = convNormActivation(highChannels, interChannels, 1, { rng, activation: new ReLU() });
    this.scale = new Sequential<readonly MapLayer[]>(
      new AdaptiveAvgPool2d(1),
      new Conv2d(highChannels, interChannels, 1, { rng, bias: false }),
      new Sigmoid(),
    );
    this.lowClassifier = new Conv2d(lowChannels, numClasses, 1, { rng });
    this.highClassifier = new Conv2d(interChannels, numClasses, 1, { rng });
  }

  /** @returns logits of the size of `low` */
  forward({ low, high }: { readonly low: Tensor4D; readonly high: Tensor4D }): Tensor4D {
    return tidy(() => {
      const gated = mul<Tensor4D>(this.cbr.forward(high), this.scale.forward(high)); // [batch, height / 16, width / 16, inter]
      const fine = resizeTo(gated, low); //                                             [batch, height / 8, width / 8, inter]
      return add<Tensor4D>(this.lowClassifier.forward(low), this.highClassifier.forward(fine));
    });
  }
}
