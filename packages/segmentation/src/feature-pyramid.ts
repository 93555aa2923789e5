import {
  type Backbone,
  checkRng,
  checkSizes,
  Conv2d,
  type FeatureMapInfo,
  type FeatureMaps,
  init,
  initialize,
  interpolate,
  Module,
  type Rng,
  Sequential,
  tidyLeaves,
} from "@pellucid/core-train";
import { add, type Tensor4D } from "@tensorflow/tfjs-core";

/**
 * A feature pyramid: each map by a 1×1 convolution to equally many channels, plus the next coarser one enlarged by repetition, then a 3×3 convolution.
 * torchvision's `FeaturePyramidNetwork`, with its names and initial weights.
 *
 * Lin et al., 2017. https://arxiv.org/abs/1612.03144
 */
export class FeaturePyramid extends Module {
  readonly innerBlocks: readonly Sequential<[Conv2d]>[];
  readonly layerBlocks: readonly Sequential<[Conv2d]>[];
  readonly maps: readonly FeatureMapInfo[];

  /** @param maps those that come in, the finest first */
  constructor(maps: Backbone["maps"], outChannels: number, options: { readonly rng: Rng }) {
    super();
    checkRng("FeaturePyramid", options);
    checkSizes("FeaturePyramid", { outChannels, "maps.length": maps.length });
    for (const { name, channels } of maps)
      checkSizes("FeaturePyramid", { [`channels of the map ${name}`]: channels });
    const { rng } = options;
    const blocks = maps.map(({ channels }) => [
      new Sequential(new Conv2d(channels, outChannels, 1, { rng })),
      new Sequential(new Conv2d(outChannels, outChannels, 3, { rng, padding: 1 })),
    ]);
    this.innerBlocks = blocks.map(([inner]) => inner as Sequential<[Conv2d]>);
    this.layerBlocks = blocks.map(([, layer]) => layer as Sequential<[Conv2d]>);
    this.maps = maps.map((map) => ({ ...map, channels: outChannels }));
    for (const [, module] of this.namedModules()) {
      if (!(module instanceof Conv2d)) continue;
      initialize(module, "weight", init.kaimingUniform({ a: 1 }), rng);
      initialize(module, "bias", init.zeros(), rng);
    }
  }

  /** @returns maps of the same names and sizes, `[batch, height / stride, width / stride, outChannels]` */
  forward(maps: FeatureMaps): FeatureMaps {
    return tidyLeaves(() => {
      const out: [string, Tensor4D][] = [];
      let above: Tensor4D | null = null;
      for (let i = this.maps.length - 1; i >= 0; i--) {
        const { name } = this.maps[i] as FeatureMapInfo;
        const lateral: Tensor4D = (this.innerBlocks[i] as Sequential<[Conv2d]>).forward(
          maps[name] as Tensor4D,
        );
        const size = [lateral.shape[1], lateral.shape[2]] as const;
        above = above === null ? lateral : add<Tensor4D>(lateral, interpolate(above, { size }));
        out.unshift([name, (this.layerBlocks[i] as Sequential<[Conv2d]>).forward(above)]);
      }
      return Object.fromEntries(out);
    });
  }
}
