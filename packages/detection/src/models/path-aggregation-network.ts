import {
  checkRng,
  convNormActivation,
  type ExtraLevels,
  type FeatureMaps,
  FeaturePyramidNetwork,
  type FeaturePyramidNetworkOptions,
  type Layer,
  Module,
  ReLU,
  type Sequential,
  tidyLeaves,
} from "@pellucid/core-train";
import { add, type Tensor4D } from "@tensorflow/tfjs-core";

type Block = Sequential<readonly Layer<Tensor4D, Tensor4D>[]>;

/** Options for {@link PathAggregationNetwork}: those of the pyramid below it. */
export type PathAggregationNetworkOptions = FeaturePyramidNetworkOptions;

/**
 * A feature pyramid and a second path, from fine to coarse: each level is the previous one, halved by a convolution, plus the pyramid's level, convolved. So the fine maps reach the coarse ones
 * in a few layers. The finest level is the pyramid's.
 *
 * `n₂ = p₂`, `nₖ₊₁ = fuse(halve(nₖ) + pₖ₊₁)`, with ReLU after both convolutions.
 *
 * Liu et al., 2018. Path aggregation network for instance segmentation, section 3.1. https://arxiv.org/abs/1803.01534
 */
export class PathAggregationNetwork extends Module implements Layer<FeatureMaps, FeatureMaps> {
  readonly fpn: FeaturePyramidNetwork;
  readonly halveBlocks: readonly Block[];
  readonly fuseBlocks: readonly Block[];
  readonly extraBlocks: (Module & ExtraLevels) | null;
  readonly outChannels: number;

  /** @param inChannelsList channels of each feature map, the finest first, each of half the size of the previous one */
  constructor(
    inChannelsList: readonly number[],
    outChannels: number,
    options: PathAggregationNetworkOptions,
  ) {
    super();
    checkRng("PathAggregationNetwork", options);
    const { extraBlocks = null, ...own } = options;
    this.fpn = new FeaturePyramidNetwork(inChannelsList, outChannels, own);
    const { rng, normLayer = null } = options;
    const made = (stride: number): Block[] =>
      inChannelsList
        .slice(1)
        .map(() =>
          convNormActivation(outChannels, outChannels, 3, { rng, stride, normLayer, activation: new ReLU() }),
        );
    this.halveBlocks = made(2);
    this.fuseBlocks = made(1);
    this.extraBlocks = extraBlocks;
    this.outChannels = outChannels;
  }

  /**
   * @param maps as many as `inChannelsList`, the finest first: `[batch, height, width, channel]`
   * @returns maps of the same names and sizes, `[batch, height, width, outChannels]`, and those of `extraBlocks`
   * @throws ShapeError for another number of maps
   */
  forward(maps: FeatureMaps): FeatureMaps {
    return tidyLeaves(() => {
      const pyramid = Object.entries(this.fpn.forward(maps));
      const [[first, finest] = ["", undefined], ...coarser] = pyramid;
      const levels: Record<string, Tensor4D> = { [first]: finest as Tensor4D };
      let below = finest as Tensor4D;
      for (const [i, [name, level]] of coarser.entries()) {
        const halved = (this.halveBlocks[i] as Block).forward(below); //                      [batch, height / 2, width / 2, out]
        below = (this.fuseBlocks[i] as Block).forward(add<Tensor4D>(halved, level));
        levels[name] = below;
      }
      const extra = this.extraBlocks?.forward({ levels, inputs: maps }) ?? {};
      return { ...levels, ...extra };
    });
  }
}
