import type { Tensor4D } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { checkRng } from "../check-values.ts";
import { Module } from "../module/module.ts";
import { OptionError } from "../option-error.ts";
import { tidyLeaves } from "../struct/tidy-leaves.ts";
import type { Backbone, FeatureMapInfo, FeatureMaps } from "./backbone.ts";
import { FeaturePyramidNetwork, type FeaturePyramidNetworkOptions } from "./feature-pyramid-network.ts";
import { LastLevelMaxPool } from "./last-level-max-pool.ts";
import { checkArguments } from "../check-arguments.ts";

/** Options for {@link BackboneWithFPN}. */
export interface BackboneWithFPNOptions extends FeaturePyramidNetworkOptions {
  /** The names of the maps of the body that the pyramid takes, the finest first. Default: all. */
  readonly returnedMaps?: readonly string[];
}

/**
 * A feature pyramid on a backbone, which is a backbone again, whose maps have `outChannels` each. torchvision's `BackboneWithFPN`, with its names; as there, a level `pool` comes
 * last unless `extraBlocks` is given.
 *
 * Lin et al., 2017. Feature pyramid networks for object detection. https://arxiv.org/abs/1612.03144
 */
export class BackboneWithFPN extends Module implements Backbone {
  readonly body: Module & Backbone;
  readonly fpn: FeaturePyramidNetwork;
  readonly outChannels: number;
  readonly maps: readonly FeatureMapInfo[];

  constructor(body: Module & Backbone, outChannels: number, options: BackboneWithFPNOptions) {
    super();
    checkArguments("BackboneWithFPN", { "{ maps, forward }": { body } });
    checkRng("BackboneWithFPN", options);
    checkOptions("BackboneWithFPN", options, ["rng", "extraBlocks", "normLayer", "returnedMaps"]);
    const { rng, normLayer = null, extraBlocks = new LastLevelMaxPool() } = options;
    const { returnedMaps = body.maps.map(({ name }) => name) } = options;
    const taken = returnedMaps.map((name) => {
      const found = body.maps.find((map) => map.name === name);
      if (found !== undefined) return found;
      const known = body.maps.map((map) => map.name).join(", ");
      throw new OptionError(
        "BackboneWithFPN",
        "returnedMaps",
        `"${name}"`,
        `names of maps of the body: ${known}`,
      );
    });
    this.body = body;
    this.fpn = new FeaturePyramidNetwork(
      taken.map(({ channels }) => channels),
      outChannels,
      { rng, normLayer, extraBlocks },
    );
    this.outChannels = outChannels;
    const last = taken.at(-1)?.stride ?? 1;
    this.maps = [
      ...taken.map(({ name, stride }) => ({ name, channels: outChannels, stride })),
      ...(extraBlocks?.names ?? []).map((name, i) => ({
        name,
        channels: outChannels,
        stride: last * 2 ** (i + 1),
      })),
    ];
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns the maps of the pyramid, the finest first
   */
  forward(images: Tensor4D): FeatureMaps {
    return tidyLeaves(() => {
      const maps = this.body.forward(images);
      const taken = this.maps.flatMap(({ name }) => {
        const map = maps[name];
        return map === undefined ? [] : [[name, map] as const];
      });
      return this.fpn.forward(Object.fromEntries(taken));
    });
  }
}
