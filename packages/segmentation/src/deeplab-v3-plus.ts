import {
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
  tidyLeaves,
} from "@pellucid/core-train";
import { concat, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { Aspp, type AsppOptions, checkAspp } from "./aspp.ts";
import { backboneMap } from "./backbone-map.ts";
import type { MapLayer } from "./map-layer.ts";
import { resizeTo } from "./resize-to.ts";
import type { SegmentationModel, SegmentationOutput } from "./segmentation-output.ts";

/** Options for {@link DeepLabV3Plus}. */
export interface DeepLabV3PlusOptions extends AsppOptions {
  /** The backbone's fine map. Default: `"low"`, else the one of stride 4. */
  readonly lowMap?: string;
  /** The backbone's coarse map. Default: `"out"`, else the last. */
  readonly outMap?: string;
  /** Channels within the head. Default: 256. */
  readonly channels?: number;
  /** Channels to which the fine map is reduced. Default: 48. */
  readonly lowChannels?: number;
}

/**
 * {@link DeepLabV3} with a small decoder: its map is interpolated to a fine map of the backbone, of few channels, and joined with it, which
 * makes borders sharper.
 *
 * Chen et al., 2018. https://arxiv.org/abs/1802.02611 One 3×3 convolution joins them, where the paper has two; names in files are those of
 * DeepLabV3Plus-Pytorch: `classifier.project`, `classifier.aspp`, `classifier.classifier`.
 */
export class DeepLabV3Plus<B extends Backbone = Backbone> extends Module implements SegmentationModel {
  readonly backbone: B;
  readonly classifier: DeepLabV3PlusHead;
  readonly lowMap: string;
  readonly outMap: string;

  constructor(backbone: B, numClasses: number, options: DeepLabV3PlusOptions) {
    super();
    checkRng("DeepLabV3Plus", options);
    const known = ["rng", "atrousRates", "dropout", "lowMap", "outMap", "channels", "lowChannels"] as const;
    checkOptions("DeepLabV3Plus", options, known);
    const { lowMap, outMap, channels = 256, lowChannels = 48, ...aspp } = options;
    checkSizes("DeepLabV3Plus", { numClasses, channels, lowChannels });
    checkAspp("DeepLabV3Plus", options);
    const fine = backbone?.maps?.find(({ stride }) => stride === 4)?.name;
    const hasLow = backbone?.maps?.some(({ name }) => name === "low");
    const low = backboneMap("DeepLabV3Plus", "lowMap", backbone, lowMap ?? (hasLow ? "low" : fine), "low");
    const out = backboneMap("DeepLabV3Plus", "outMap", backbone, outMap, "out");
    this.backbone = backbone;
    this.classifier = new DeepLabV3PlusHead(low.channels, out.channels, numClasses, {
      channels,
      lowChannels,
      aspp,
    });
    this.lowMap = low.name;
    this.outMap = out.name;
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `out`: logits `[batch, height, width, numClasses]`
   */
  forward(images: Tensor4D): SegmentationOutput {
    checkShape("DeepLabV3Plus", "images", images, ["batch", "height", "width", "channel"]);
    return tidyLeaves(() => {
      const maps = this.backbone.forward(images);
      const low = maps[this.lowMap] as Tensor4D; //                 [batch, height / 4, width / 4, …]
      const out = maps[this.outMap] as Tensor4D; //                 [batch, height / 16, width / 16, …]
      return { out: resizeTo(this.classifier.forward({ low, out }), images) };
    });
  }
}

class DeepLabV3PlusHead extends Module {
  readonly project: Sequential<readonly MapLayer[]>;
  readonly aspp: Aspp;
  readonly classifier: Sequential<readonly MapLayer[]>;

  constructor(
    low: number,
    out: number,
    numClasses: number,
    sizes: { readonly channels: number; readonly lowChannels: number; readonly aspp: AsppOptions },
  ) {
    super();
    const { channels, lowChannels, aspp } = sizes;
    const { rng }: { readonly rng: Rng } = aspp;
    this.project = convNormActivation(low, lowChannels, 1, { rng, activation: new ReLU() });
    this.aspp = new Aspp(out, channels, aspp);
    this.classifier = new Sequential<readonly MapLayer[]>(
      ...(convNormActivation(lowChannels + channels, channels, 3, { rng, activation: new ReLU() })
        .layers as MapLayer[]),
      new Conv2d(channels, numClasses, 1, { rng }),
    );
  }

  /** @returns logits of the size of `low` */
  forward({ low, out }: { readonly low: Tensor4D; readonly out: Tensor4D }): Tensor4D {
    return tidy(() => {
      const fine = this.project.forward(low); //                    [batch, height / 4, width / 4, lowChannels]
      const coarse = resizeTo(this.aspp.forward(out), fine); //     [batch, height / 4, width / 4, channels]
      return this.classifier.forward(concat([fine, coarse], 3)); // [batch, height / 4, width / 4, numClasses]
    });
  }
}
