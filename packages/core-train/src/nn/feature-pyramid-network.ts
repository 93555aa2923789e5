import { add, type Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { checkRng, checkSizes } from "../check-values.ts";
import { initialize } from "../init/initialize.ts";
import { constant } from "../init/constant.ts";
import { kaimingUniform } from "../init/kaiming-uniform.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import type { Sequential } from "../module/sequential.ts";
import { interpolate } from "../op/interpolate.ts";
import { OptionError } from "../option-error.ts";
import type { Rng } from "../rng/rng.ts";
import { ShapeError } from "../shape-error.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import type { HasTorchLayout, TorchLayout } from "../weights/torch-layout.ts";
import type { FeatureMaps } from "./backbone.ts";
import { Conv2d } from "./conv2d.ts";
import { convNormActivation } from "./conv-norm-activation.ts";
import type { ExtraLevels } from "./extra-levels.ts";

type MapLayer = Layer<Tensor4D, Tensor4D>;
type Block = Sequential<readonly MapLayer[]>;

/** Options for {@link FeaturePyramidNetwork}. */
export interface FeaturePyramidNetworkOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** Makes further, coarser maps: {@link LastLevelMaxPool}, {@link LastLevelP6P7}. Default: none. */
  readonly extraBlocks?: (Module & ExtraLevels) | null;
  /** Makes a normalization layer for a number of channels; then convolutions have no bias. Default: none. */
  readonly normLayer?: ((channels: number) => MapLayer) | null;
}

/**
 * A feature pyramid: feature maps of a common number of channels, to each of which the coarser ones are added, enlarged to its size by the nearest pixel. Gradients flow to all
 * finer and coarser maps.
 *
 * `pₖ = layer(inner(cₖ) + enlarge(pₖ₊₁ before its layer))`. torchvision's `ops.FeaturePyramidNetwork`, with its names, initial weights and numbers.
 *
 * Lin et al., 2017. Feature pyramid networks for object detection. https://arxiv.org/abs/1612.03144
 */
export class FeaturePyramidNetwork extends Module implements Layer<FeatureMaps, FeatureMaps>, HasTorchLayout {
  readonly innerBlocks: readonly Block[];
  readonly layerBlocks: readonly Block[];
  readonly extraBlocks: (Module & ExtraLevels) | null;
  readonly outChannels: number;

  /** @param inChannelsList channels of each feature map, the finest first */
  constructor(inChannelsList: readonly number[], outChannels: number, options: FeaturePyramidNetworkOptions) {
    super();
    const caller = "FeaturePyramidNetwork";
    checkRng(caller, options);
    checkOptions(caller, options, ["rng", "extraBlocks", "normLayer"]);
    checkSizes(caller, { outChannels });
    if (!Array.isArray(inChannelsList) || inChannelsList.length === 0)
      throw new OptionError(
        caller,
        "inChannelsList",
        inChannelsList,
        "the channels of one feature map at least",
      );
    for (const channels of inChannelsList) checkSizes(caller, { inChannelsList: channels });
    const { rng, normLayer = null, extraBlocks = null } = options;
    const blocks = inChannelsList.map((inChannels) => ({
      inner: convNormActivation(inChannels, outChannels, 1, { rng, normLayer }),
      layer: convNormActivation(outChannels, outChannels, 3, { rng, normLayer }),
    }));
    this.innerBlocks = blocks.map(({ inner }) => inner);
    this.layerBlocks = blocks.map(({ layer }) => layer);
    for (const [, module] of this.namedModules()) {
      if (!(module instanceof Conv2d)) continue;
      initialize(module, "weight", kaimingUniform({ a: 1 }), rng);
      if (module.bias !== null) initialize(module, "bias", constant(0), rng);
    }
    this.extraBlocks = extraBlocks;
    this.outChannels = outChannels;
  }

  /** Files of torchvision before 0.13 have the convolutions without a sequence around each: `inner_blocks.0.weight`. */
  get torchLayout(): TorchLayout {
    const bare = (field: string) =>
      this.innerBlocks.map((_, i) => [`${field}.${i}.0`, { aliases: [""] }] as const);
    return Object.fromEntries([...bare("innerBlocks"), ...bare("layerBlocks")]);
  }

  /**
   * @param maps as many as `inChannelsList`, the finest first: `[batch, height, width, channel]`
   * @returns maps of the same names and sizes, `[batch, height, width, outChannels]`, and those of `extraBlocks`
   * @throws ShapeError for another number of maps
   */
  forward(maps: FeatureMaps): FeatureMaps {
    const names = Object.keys(maps);
    if (names.length !== this.innerBlocks.length)
      throw new ShapeError(
        `FeaturePyramidNetwork: there are ${names.length} maps (${names.join(", ")}), expected ${this.innerBlocks.length}.`,
      );
    return tidyLeaves(() => {
      const levels: Record<string, Tensor4D> = Object.fromEntries(
        names.map((name) => [name, maps[name] as Tensor4D]),
      );
      let above: Tensor4D | null = null;
      for (const [i, name] of [...names.entries()].toReversed()) {
        const lateral: Tensor4D = (this.innerBlocks[i] as Block).forward(maps[name] as Tensor4D); // [batch, height, width, out]
        const [, height, width] = lateral.shape;
        above = above === null ? lateral : add(lateral, interpolate(above, { size: [height, width] }));
        levels[name] = (this.layerBlocks[i] as Block).forward(above); //                            [batch, height, width, out]
      }
      const extra = this.extraBlocks?.forward({ levels, inputs: maps }) ?? {};
      return { ...levels, ...extra };
    });
  }
}
