import {
  type Backbone,
  checkArguments,
  checkOptions,
  checkRng,
  Conv2d,
  convNormActivation,
  type FeatureMapInfo,
  type FeatureMaps,
  type Layer,
  Module,
  OptionError,
  ReLU6,
  Sequential,
  tidyLeaves,
  type TorchLayout,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { redrawConvolutions } from "./redraw-convolutions.ts";
import { ssdLiteNorm, type SSDLiteOptions } from "./ssdlite-head.ts";

type MapLayer = Layer<Tensor4D, Tensor4D>;
type Chain = Sequential<readonly MapLayer[]>;

const chain = (...layers: readonly MapLayer[]): Chain => new Sequential<readonly MapLayer[]>(...layers);

/** An inverted residual of a MobileNet: its layers, and whether it halves the size. */
interface InvertedResidual extends MapLayer {
  readonly block: Chain;
  readonly isCn: boolean;
}

/**
 * The feature maps of SSDLite from the layers of a MobileNet v3, torchvision's `SSDLiteFeatureExtractorMobileNet`, with its names and initial weights: that of the expansion of the last strided block,
 * that of the last layer, then strided blocks.
 *
 * ```ts
 * const { features } = mobilenetV3Large({ rng }); // of @pellucid/cnn
 * const backbone = new SSDLiteFeatureExtractor(features.layers, { rng });
 * ```
 *
 * Howard et al., 2019. MobileNetV3, section 6.3. https://arxiv.org/abs/1905.02244
 */
export class SSDLiteFeatureExtractor extends Module implements Backbone {
  readonly features: readonly [Chain, Chain];
  readonly extra: readonly Chain[];
  readonly maps: readonly FeatureMapInfo[];

  /** @param layers of the features of a MobileNet v3 */
  constructor(layers: readonly unknown[], options: SSDLiteOptions) {
    super();
    const caller = "SSDLiteFeatureExtractor";
    checkRng(caller, options);
    checkOptions(caller, options, ["rng", "normLayer"]);
    checkArguments(caller, { "{ forward }[]": { layers } });
    const { rng, normLayer = ssdLiteNorm } = options;
    const given = layers as readonly MapLayer[];
    const strided = given.findLastIndex((layer) => "isCn" in layer && layer.isCn === true);
    const c4 = given[strided] as InvertedResidual | undefined;
    if (c4 === undefined)
      throw new OptionError(
        caller,
        "layers",
        `${given.length} layers`,
        "the layers of a MobileNet v3's features",
      );
    const [expansion, ...rest] = c4.block.layers as readonly MapLayer[];
    const after = given.slice(strided + 1);
    this.features = [
      chain(...given.slice(0, strided), expansion as MapLayer),
      chain(afterFirst(rest), ...after),
    ];
    const [first, last] = this.features.map(outChannels) as [number, number];
    const depths = [last, 512, 256, 256, 128];
    this.extra = depths.slice(1).map((output, i) => {
      const activation = new ReLU6();
      const half = output / 2;
      return chain(
        convNormActivation(depths[i] ?? NaN, half, 1, { rng, normLayer, activation }),
        convNormActivation(half, half, 3, { rng, normLayer, stride: 2, groups: half, activation }),
        convNormActivation(half, output, 1, { rng, normLayer, activation }),
      );
    });
    for (const block of this.extra) redrawConvolutions(block, 0.03, rng);
    this.maps = [first, ...depths].map((channels, i) => ({ name: `${i}`, channels, stride: 16 * 2 ** i }));
  }

  /**
   * @param images `[batch, height, width, color]`
   * @returns the maps `0`, `1`, …
   */
  forward(images: Tensor4D): FeatureMaps {
    return tidyLeaves(() => {
      let x = images;
      const blocks = [...this.features, ...this.extra];
      return Object.fromEntries(blocks.map((block, i) => [`${i}`, (x = block.forward(x))])); // halved each
    });
  }
}

/** Layers that keep the positions that they had with one before them in their names, as a slice of PyTorch's `Sequential` does. */
function afterFirst(layers: readonly MapLayer[]): Chain {
  const positions = layers.map((_, i) => [`${i}`, { name: `${i + 1}` }] as const);
  const torchLayout: TorchLayout = Object.fromEntries(positions);
  return Object.defineProperty(chain(...layers), "torchLayout", { value: torchLayout });
}

function outChannels(layers: Module): number {
  const convs = [...layers.namedModules()].map(([, module]) => module);
  return convs.findLast((module): module is Conv2d => module instanceof Conv2d)?.outChannels ?? 0;
}
