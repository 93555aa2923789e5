import {
  checkOptions,
  checkRng,
  checkSizes,
  Conv2d,
  convNormActivation,
  type HasTorchLayout,
  init,
  initialize,
  type Layer,
  Module,
  ReLU,
  type Rng,
  Sequential,
  tidyLeaves,
  type TorchLayout,
} from "@pellucid/core-train";
import type { Tensor4D } from "@tensorflow/tfjs-core";

/** Options for {@link RPNHead}. */
export interface RPNHeadOptions {
  /** Random generator for initialization. */
  readonly rng: Rng;
  /** How many 3×3 convolutions come before the predictions. Default: 1. */
  readonly convDepth?: number;
}

/** What a {@link RPNHead} makes of one feature map. */
export interface RPNHeadOutput {
  /** `[batch, height, width, anchor]` logits of being an object. */
  readonly objectness: Tensor4D;
  /** `[batch, height, width, anchor · 4]` codes of boxes. */
  readonly deltas: Tensor4D;
}

/**
 * The layers of a region proposal network, torchvision's `RPNHead`, with its names and initial weights: for each anchor of each position whether it is an object, and how its box
 * differs.
 *
 * Ren et al., 2015. Faster R-CNN, section 3.1. https://arxiv.org/abs/1506.01497
 */
export class RPNHead extends Module implements Layer<Tensor4D, RPNHeadOutput>, HasTorchLayout {
  readonly conv: Sequential<readonly Layer<Tensor4D, Tensor4D>[]>;
  readonly clsLogits: Conv2d;
  readonly bboxPred: Conv2d;

  /** @param numAnchors of each position */
  constructor(inChannels: number, numAnchors: number, options: RPNHeadOptions) {
    super();
    checkRng("RPNHead", options);
    checkOptions("RPNHead", options, ["rng", "convDepth"]);
    const { rng, convDepth = 1 } = options;
    checkSizes("RPNHead", { inChannels, numAnchors, convDepth });
    const convs = Array.from({ length: convDepth }, () =>
      convNormActivation(inChannels, inChannels, 3, { rng, normLayer: null, activation: new ReLU() }),
    );
    this.conv = new Sequential<readonly Layer<Tensor4D, Tensor4D>[]>(...convs);
    this.clsLogits = new Conv2d(inChannels, numAnchors, 1, { rng });
    this.bboxPred = new Conv2d(inChannels, numAnchors * 4, 1, { rng });
    for (const [, module] of this.namedModules()) {
      if (!(module instanceof Conv2d)) continue;
      initialize(module, "weight", init.normal(0, 0.01), rng);
      initialize(module, "bias", init.constant(0), rng);
    }
  }

  /** Files of torchvision before 0.13 have the one convolution as `conv.weight`. */
  get torchLayout(): TorchLayout {
    return this.conv.layers.length === 1 ? { "conv.0.0": { aliases: ["../"] } } : {};
  }

  /** @param features `[batch, height, width, channel]` */
  forward(features: Tensor4D): RPNHeadOutput {
    return tidyLeaves(() => {
      const shared = this.conv.forward(features); // [batch, height, width, channel]
      return { objectness: this.clsLogits.forward(shared), deltas: this.bboxPred.forward(shared) };
    });
  }
}
