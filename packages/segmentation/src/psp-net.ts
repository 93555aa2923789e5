import {
  AdaptiveAvgPool2d,
  type Backbone,
  BatchNorm2d,
  checkOptions,
  checkProbabilities,
  checkRng,
  checkShape,
  checkSizeArray,
  checkSizes,
  Conv2d,
  Dropout2d,
  Module,
  ReLU,
  type Rng,
  Sequential,
  tidyLeaves,
} from "@pellucid/core-train";
import { concat, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { chosenMaps } from "./chosen-maps.ts";
import type { MapLayer } from "./map-layer.ts";
import type { OnBackboneOptions } from "./on-backbone.ts";
import { resizeTo } from "./resize-to.ts";
import type { SegmentationModel, SegmentationOutput } from "./segmentation-output.ts";

/** Options for {@link PspNet}. */
export interface PspNetOptions extends OnBackboneOptions {
  /** Random generator for initialization and dropout. */
  readonly rng: Rng;
  /** How many parts each side of the map is divided into, once per branch. Default: 1, 2, 3, 6. */
  readonly bins?: readonly number[];
  /** Channels within the head. Default: 512. */
  readonly channels?: number;
  /** The probability that dropout zeroes a channel. Default: 0.1. */
  readonly dropout?: number;
}

/**
 * A backbone with pyramid pooling: the means of large and smaller parts of the map are joined to each of its pixels, so that a pixel's class
 * depends on the scene.
 *
 * Zhao et al., 2017. https://arxiv.org/abs/1612.01105
 *
 * Names in files are those of semseg: `ppm.features.0.1.weight`, `cls`, `aux`. Maps are interpolated with aligned corners, as there.
 */
export class PspNet<B extends Backbone = Backbone> extends Module implements SegmentationModel {
  readonly backbone: B;
  readonly ppm: PyramidPooling;
  readonly cls: Sequential<readonly MapLayer[]>;
  readonly aux: Sequential<readonly MapLayer[]> | null;
  readonly outMap: string;
  readonly auxMap: string | null;

  constructor(backbone: B, numClasses: number, options: PspNetOptions) {
    super();
    checkRng("PspNet", options);
    checkOptions("PspNet", options, ["rng", "bins", "channels", "dropout", "outMap", "auxMap"]);
    const { rng, bins = [1, 2, 3, 6], channels = 512, dropout = 0.1 } = options;
    checkSizes("PspNet", { numClasses, channels });
    checkProbabilities("PspNet", { dropout });
    const { out, aux } = chosenMaps("PspNet", backbone, options);
    const classifier = (from: number, inner: number) =>
      new Sequential<readonly MapLayer[]>(
        new Conv2d(from, inner, 3, { rng, padding: 1, bias: false }),
        new BatchNorm2d(inner),
        new ReLU(),
        new Dropout2d(dropout, { rng }),
        new Conv2d(inner, numClasses, 1, { rng }),
      );
    this.backbone = backbone;
    this.ppm = new PyramidPooling(out.channels, bins, { rng });
    this.cls = classifier(this.ppm.outChannels, channels);
    this.aux = aux === null ? null : classifier(aux.channels, Math.max(1, Math.floor(channels / 2)));
    this.outMap = out.name;
    this.auxMap = aux?.name ?? null;
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `out`, and `aux` if there is such a head: logits `[batch, height, width, numClasses]`
   */
  forward(images: Tensor4D): SegmentationOutput {
    checkShape("PspNet", "images", images, ["batch", "height", "width", "channel"]);
    const aligned = { alignCorners: true };
    return tidyLeaves(() => {
      const maps = this.backbone.forward(images);
      const pooled = this.ppm.forward(maps[this.outMap] as Tensor4D); // [batch, height / stride, width / stride, …]
      const out = resizeTo(this.cls.forward(pooled), images, aligned); // [batch, height, width, numClasses]
      if (this.aux === null || this.auxMap === null) return { out };
      return { out, aux: resizeTo(this.aux.forward(maps[this.auxMap] as Tensor4D), images, aligned) };
    });
  }
}

/**
 * The means of the parts of a map, one branch per division of its sides, each a 1×1 convolution of them interpolated back, joined to the map.
 */
export class PyramidPooling extends Module implements MapLayer {
  readonly features: readonly Sequential<readonly MapLayer[]>[];
  readonly outChannels: number;

  constructor(inChannels: number, bins: readonly number[], options: { readonly rng: Rng }) {
    super();
    checkRng("PyramidPooling", options);
    checkSizes("PyramidPooling", { inChannels });
    checkSizeArray("PyramidPooling", "bins", bins);
    const each = Math.floor(inChannels / bins.length);
    checkSizes("PyramidPooling", { "inChannels / bins.length": each });
    this.features = bins.map(
      (bin) =>
        new Sequential<readonly MapLayer[]>(
          new AdaptiveAvgPool2d(bin),
          new Conv2d(inChannels, each, 1, { rng: options.rng, bias: false }),
          new BatchNorm2d(each),
          new ReLU(),
        ),
    );
    this.outChannels = inChannels + each * bins.length;
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height, width, outChannels]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const means = this.features.map((branch) => resizeTo(branch.forward(x), x, { alignCorners: true }));
      return concat([x, ...means], 3); // [batch, height, width, outChannels]
    });
  }
}
