import {
  type Backbone,
  checkOptions,
  checkRng,
  checkShape,
  checkSizes,
  Conv2d,
  type FeatureMaps,
  FeaturePyramidNetwork,
  GroupNorm,
  Identity,
  Module,
  OptionError,
  ReLU,
  type Rng,
  Sequential,
  tidyLeaves,
  Upsample,
} from "@pellucid/core-train";
import { addN, type Tensor4D } from "@tensorflow/tfjs-core";
import type { MapLayer } from "./map-layer.ts";
import { resizeTo } from "./resize-to.ts";
import type { SegmentationModel, SegmentationOutput } from "./segmentation-output.ts";

/** Options for {@link FpnSegmenter}. */
export interface FpnSegmenterOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** The backbone's maps that enter the pyramid, the finest first. Default: those of stride 4 and coarser. */
  readonly inMaps?: readonly string[];
  /** Channels of the pyramid. Default: 256. */
  readonly pyramidChannels?: number;
  /** Channels of the head, a multiple of `groups`. Default: 128. */
  readonly channels?: number;
  /** Groups of the head's norms. Default: 32. */
  readonly groups?: number;
}

/**
 * The semantic branch of Panoptic FPN: each map of a {@link FeaturePyramidNetwork} is doubled, by a 3×3 convolution, group norm, ReLU and bilinear interpolation, until it has
 * the finest map's size; their sum is classified.
 *
 * Kirillov et al., 2019, section 3.1. https://arxiv.org/abs/1901.02446
 */
export class FpnSegmenter<B extends Backbone = Backbone> extends Module implements SegmentationModel {
  readonly backbone: B;
  readonly fpn: FeaturePyramidNetwork;
  readonly scaleHeads: readonly Sequential<readonly MapLayer[]>[];
  readonly predictor: Conv2d;
  readonly inMaps: readonly string[];

  constructor(backbone: B, numClasses: number, options: FpnSegmenterOptions) {
    super();
    checkRng("FpnSegmenter", options);
    checkOptions("FpnSegmenter", options, ["rng", "inMaps", "pyramidChannels", "channels", "groups"]);
    const { rng, pyramidChannels = 256, channels = 128, groups = 32 } = options;
    checkSizes("FpnSegmenter", { numClasses, pyramidChannels, channels, groups });
    if (channels % groups !== 0)
      throw new OptionError("FpnSegmenter", "channels", channels, `a multiple of the ${groups} groups`);
    const maps = chosen(backbone, options.inMaps);
    this.backbone = backbone;
    this.inMaps = maps.map(({ name }) => name);
    const channelsOfMaps = maps.map((map) => map.channels);
    this.fpn = new FeaturePyramidNetwork(channelsOfMaps, pyramidChannels, { rng });
    this.scaleHeads = maps.map((_, i) => scaleHead(i, pyramidChannels, channels, { rng, groups }));
    this.predictor = new Conv2d(channels, numClasses, 1, { rng });
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns `out`: logits `[batch, height, width, numClasses]`
   */
  forward(images: Tensor4D): SegmentationOutput {
    checkShape("FpnSegmenter", "images", images, ["batch", "height", "width", "channel"]);
    return tidyLeaves(() => {
      const maps = this.backbone.forward(images);
      const levels: FeatureMaps = Object.fromEntries(
        this.inMaps.map((name, i) => [`level${i}`, maps[name] as Tensor4D]),
      );
      const pyramid = Object.values(this.fpn.forward(levels)); // [batch, height / stride, width / stride, pyramidChannels]
      const scaled = this.scaleHeads.map((head, i) => head.forward(pyramid[i] as Tensor4D));
      const [finest] = scaled as [Tensor4D]; //                   [batch, height / 4, width / 4, channels]
      const fitted = scaled.map((map) => resizeTo(map, finest));
      const sum = addN(fitted); //                                 [batch, height / 4, width / 4, channels]
      return { out: resizeTo(this.predictor.forward(sum), images) };
    });
  }
}

function chosen(backbone: Backbone, names: readonly string[] | undefined): Backbone["maps"] {
  const { maps = [] } = (backbone ?? {}) as Partial<Backbone>;
  const found = maps.filter(({ name, stride }) => (names === undefined ? stride >= 4 : names.includes(name)));
  for (const { name, channels } of found)
    checkSizes("FpnSegmenter", { [`channels of the map ${name}`]: channels });
  if (found.length > 0 && (names === undefined || found.length === names.length)) return found;
  const all = maps.map(({ name }) => name).join(", ");
  throw new OptionError(
    "FpnSegmenter",
    "inMaps",
    JSON.stringify(names),
    `names of maps of the backbone: ${all}`,
  );
}

/** Doubles `times` times; the finest map has one convolution and keeps its size. */
function scaleHead(
  times: number,
  inChannels: number,
  channels: number,
  { rng, groups }: { readonly rng: Rng; readonly groups: number },
): Sequential<readonly MapLayer[]> {
  const steps = Array.from({ length: Math.max(1, times) }, (_, i): MapLayer[] => [
    new Conv2d(i === 0 ? inChannels : channels, channels, 3, { rng, padding: 1, bias: false }),
    new GroupNorm(groups, channels),
    new ReLU(),
    times === 0 ? new Identity() : new Upsample({ scaleFactor: 2, mode: "bilinear" }),
  ]);
  return new Sequential<readonly MapLayer[]>(...steps.flat());
}
