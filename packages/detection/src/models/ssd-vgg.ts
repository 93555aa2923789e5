import {
  type Backbone,
  checkArguments,
  checkOptions,
  checkRng,
  Conv2d,
  type FeatureMapInfo,
  type FeatureMaps,
  init,
  initialize,
  type Layer,
  MaxPool2d,
  Module,
  normalizeVectors,
  OptionError,
  parameter,
  type Parameter,
  ReLU,
  type Rng,
  Sequential,
  tidyLeaves,
} from "@pellucid/core-train";
import { mul, type Rank, type Tensor4D } from "@tensorflow/tfjs-core";

type MapLayer = Layer<Tensor4D, Tensor4D>;
type Chain = Sequential<readonly MapLayer[]>;

const chain = (...layers: readonly MapLayer[]): Chain => new Sequential<readonly MapLayer[]>(...layers);

/** Options for {@link SSDFeatureExtractorVGG}. */
export interface SSDFeatureExtractorVGGOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Whether there is one more block, for images of 512 pixels. Default: false. */
  readonly highres?: boolean;
}

/**
 * The feature maps of SSD from the convolutions of a VGG, torchvision's `SSDFeatureExtractorVGG`, with its names and initial weights: that of the fourth pooling, its channels scaled to length 20 at
 * each position, then those of `fc6` and `fc7` as convolutions, then strided blocks.
 *
 * ```ts
 * const { features } = vgg16({ rng }); // of @pellucid/cnn
 * const backbone = new SSDFeatureExtractorVGG(features.layers, { rng });
 * ```
 *
 * Liu et al., 2016. SSD, figure 2. https://arxiv.org/abs/1512.02325
 */
export class SSDFeatureExtractorVGG extends Module implements Backbone {
  readonly scaleWeight: Parameter<Rank.R1>;
  readonly features: Chain;
  readonly extra: readonly Chain[];
  readonly maps: readonly FeatureMapInfo[];

  /** @param layers of VGG-16's features, with five poolings; the last is left out, and the third rounds up */
  constructor(layers: readonly unknown[], options: SSDFeatureExtractorVGGOptions) {
    super();
    const caller = "SSDFeatureExtractorVGG";
    checkRng(caller, options);
    checkOptions(caller, options, ["rng", "highres"]);
    checkArguments(caller, { "{ forward }[]": { layers } });
    const { rng, highres = false } = options;
    const given = layers as readonly MapLayer[];
    const pools = [...given.keys()].filter((i) => given[i] instanceof MaxPool2d);
    const [, , third = -1, fourth = -1] = pools;
    if (pools.length !== 5 || third < 0)
      throw new OptionError(
        caller,
        "layers",
        `of ${pools.length} poolings`,
        "the layers of a VGG's features, with 5",
      );
    const all = given.with(third, new MaxPool2d(2, { stride: 2, ceilMode: true }));
    const channels = outChannels(all.slice(0, fourth));
    this.scaleWeight = parameter<Rank.R1>({ data: new Float32Array(channels).fill(20), shape: [channels] });
    this.features = chain(...all.slice(0, fourth));
    const block = (input: number, middle: number, output: number, kernel: number, strided: boolean): Chain =>
      chain(
        new Conv2d(input, middle, 1, { rng }),
        new ReLU(),
        new Conv2d(middle, output, kernel, strided ? { rng, padding: 1, stride: 2 } : { rng }),
        new ReLU(),
      );
    const extra = [
      block(1024, 256, 512, 3, true),
      block(512, 128, 256, 3, true),
      block(256, 128, 256, 3, false),
      block(256, 128, 256, 3, false),
      ...(highres ? [block(256, 128, 256, 4, false)] : []),
    ];
    for (const made of extra) draw(made, rng);
    const fc = chain(
      new MaxPool2d(3, { stride: 1, padding: 1 }),
      new Conv2d(channels, 1024, 3, { rng, padding: 6, dilation: 6 }),
      new ReLU(),
      new Conv2d(1024, 1024, 1, { rng }),
      new ReLU(),
    );
    draw(fc, rng);
    this.extra = [chain(...all.slice(fourth, -1), fc), ...extra];
    const widths = [channels, 1024, 512, ...extra.slice(1).map(() => 256)];
    this.maps = widths.map((own, i) => ({ name: `${i}`, channels: own, stride: 8 * 2 ** i }));
  }

  /**
   * @param images `[batch, height, width, color]`, 300×300 or 512×512 for `highres`
   * @returns the maps `0`, `1`, …
   */
  forward(images: Tensor4D): FeatureMaps {
    return tidyLeaves(() => {
      let x = this.features.forward(images); //                              [batch, height / 8, width / 8, 512]
      const maps = [mul<Tensor4D>(normalizeVectors(x), this.scaleWeight)];
      for (const block of this.extra) maps.push((x = block.forward(x)));
      return Object.fromEntries(maps.map((map, i) => [`${i}`, map]));
    });
  }
}

function outChannels(layers: readonly MapLayer[]): number {
  return layers.findLast((layer): layer is Conv2d => layer instanceof Conv2d)?.outChannels ?? 0;
}

function draw(layers: Module, rng: Rng): void {
  for (const [, module] of layers.namedModules()) {
    if (!(module instanceof Conv2d)) continue;
    initialize(module, "weight", init.xavierUniform(), rng);
    initialize(module, "bias", init.constant(0), rng);
  }
}
