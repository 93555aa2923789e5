import {
  type Backbone,
  checkOptions,
  checkRng,
  checkSizeArray,
  checkSizes,
  convNormActivation,
  type FeatureMapInfo,
  type FeatureMaps,
  Module,
  OptionError,
  type Rng,
  Sequential,
  SiLU,
  tidyLeaves,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/** Options for {@link ConvBackbone}. */
export interface ConvBackboneOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many of the last stages' maps are returned. Default: 1. */
  readonly outputs?: number;
}

/**
 * A small backbone to train from the beginning: each stage halves the size by a 3×3 convolution of stride 2 and adds another one of stride 1, with batch norm and SiLU.
 */
export class ConvBackbone extends Module implements Backbone {
  readonly stages: readonly ReturnType<typeof stageOf>[];
  readonly maps: readonly FeatureMapInfo[];

  /** @param widths the channels of each stage */
  constructor(inChannels: number, widths: readonly number[], options: ConvBackboneOptions) {
    super();
    checkRng("ConvBackbone", options);
    checkOptions("ConvBackbone", options, ["rng", "outputs"]);
    const { rng, outputs = 1 } = options;
    checkSizes("ConvBackbone", { inChannels, outputs });
    checkSizeArray("ConvBackbone", "widths", widths);
    if (outputs > widths.length)
      throw new OptionError("ConvBackbone", "outputs", outputs, `at most the ${widths.length} stages`);
    this.stages = widths.map((width, i) => stageOf(widths[i - 1] ?? inChannels, width, rng));
    this.maps = widths
      .map((channels, i) => ({ name: String(i), channels, stride: 2 ** (i + 1) }))
      .slice(-outputs);
  }

  /**
   * @param images `[batch, height, width, channel]`
   * @returns the maps of the last stages, by their index
   */
  forward(images: Tensor4D): FeatureMaps {
    return tidyLeaves(() => {
      const wanted = new Set(this.maps.map(({ name }) => name));
      let x = images;
      const maps: Record<string, Tensor4D> = {};
      for (const [i, stage] of this.stages.entries()) {
        x = stage.forward(x);
        if (wanted.has(String(i))) maps[i] = x;
      }
      return maps;
    });
  }
}

function stageOf(from: number, width: number, rng: Rng) {
  const [first, second] = [
    convNormActivation(from, width, 3, { rng, stride: 2, activation: new SiLU() }),
    convNormActivation(width, width, 3, { rng, activation: new SiLU() }),
  ];
  return new Sequential(first, second);
}
