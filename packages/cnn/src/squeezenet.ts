import { checkClassifierOptions } from "./check-classifier-options.ts";
import {
  AdaptiveAvgPool2d,
  Conv2d,
  Dropout,
  flatten,
  initialize,
  type Layer,
  MaxPool2d,
  Module,
  ReLU,
  relu,
  type Rng,
  Sequential,
  init,
  checkSizes,
  checkChoice,
  checkRng,
} from "@pellucid/core-train";
import { concat, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain, type MapLayer } from "./chain.ts";
import { mapsBeforePools } from "./maps-before-pools.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";

/** Options for {@link SqueezeNet}. */
export interface SqueezeNetOptions extends ImageClassifierOptions {
  /** Probability of dropout before the head. Default: 0.5. */
  readonly dropout?: number;
}

/** Squeezes to a few channels by 1×1, and expands them by parallel 1×1 and 3×3 convolutions. Iandola et al., figure 1. */
export class Fire extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly squeeze: Conv2d;
  readonly expand1x1: Conv2d;
  readonly expand3x3: Conv2d;

  constructor(inChannels: number, squeeze: number, expand: number, options: { readonly rng: Rng }) {
    super();
    checkRng("Fire", options);
    checkSizes("Fire", { inChannels, squeeze, expand });
    const { rng } = options;
    this.squeeze = new Conv2d(inChannels, squeeze, 1, { rng });
    this.expand1x1 = new Conv2d(squeeze, expand, 1, { rng });
    this.expand3x3 = new Conv2d(squeeze, expand, 3, { rng, padding: 1 });
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height, width, 2 expand]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const few = relu(this.squeeze.forward(x)); // [batch, height, width, squeeze]
      return concat([relu(this.expand1x1.forward(few)), relu(this.expand3x3.forward(few))], 3);
    });
  }
}

/** Squeeze and expand widths of a {@link Fire}, or a max-pool. */
type Stage = readonly [squeeze: number, expand: number] | "pool";

/** The differences between the two versions: the first convolution, and the positions of the pooling layers. */
interface Version {
  readonly stem: readonly [channels: number, kernelSize: number];
  readonly stages: readonly Stage[];
}

const versions: Readonly<Record<"1.0" | "1.1", Version>> = {
  "1.0": {
    stem: [96, 7],
    stages: [
      "pool",
      [16, 64],
      [16, 64],
      [32, 128],
      "pool",
      [32, 128],
      [48, 192],
      [48, 192],
      [64, 256],
      "pool",
      [64, 256],
    ],
  },
  "1.1": {
    stem: [64, 3],
    stages: [
      "pool",
      [16, 64],
      [16, 64],
      "pool",
      [32, 128],
      [32, 128],
      "pool",
      [48, 192],
      [48, 192],
      [64, 256],
      [64, 256],
    ],
  },
};

/**
 * A small model for images, with torchvision's names, initial weights and numbers.
 *
 * Iandola et al., 2016. SqueezeNet: AlexNet-level accuracy with 50x fewer parameters. https://arxiv.org/abs/1602.07360
 */
export class SqueezeNet extends Module implements ImageClassifier {
  readonly features: Chain;
  readonly classifier: Sequential<[Dropout, Conv2d, ReLU, AdaptiveAvgPool2d]>;
  readonly head = "classifier.1";

  constructor(version: "1.0" | "1.1", options: SqueezeNetOptions) {
    super();
    checkClassifierOptions("SqueezeNet", options);
    checkChoice("SqueezeNet", "version", version, ["1.0", "1.1"]);
    const { rng, numClasses = 1000, inChannels = 3, dropout = 0.5 } = options;
    const { stem, stages } = versions[version];
    let channels = stem[0];
    const layers = stages.map((stage): MapLayer => {
      if (stage === "pool") return new MaxPool2d(3, { stride: 2, ceilMode: true });
      const fire = new Fire(channels, stage[0], stage[1], { rng });
      channels = 2 * stage[1];
      return fire;
    });
    this.features = chain(
      new Conv2d(inChannels, stem[0], stem[1], { rng, stride: 2 }),
      new ReLU(),
      ...layers,
    );
    const last = new Conv2d(512, numClasses, 1, { rng });
    this.classifier = new Sequential(
      new Dropout(dropout, { rng }),
      last,
      new ReLU(),
      new AdaptiveAvgPool2d(1),
    );
    for (const [, module] of this.namedModules()) {
      if (!(module instanceof Conv2d)) continue;
      initialize(module, "weight", module === last ? init.normal(0, 0.01) : init.kaimingUniform(), rng);
      initialize(module, "bias", init.constant(0), rng);
    }
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => flatten(this.classifier.forward(this.features.forward(images))));
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return mapsBeforePools(this.features, images);
  }
}

/** SqueezeNet 1.0: 1,248,424 parameters. */
export const squeezenet1_0 = (options: SqueezeNetOptions): SqueezeNet => new SqueezeNet("1.0", options);

/** SqueezeNet 1.1, with 2.4 times less computation: 1,235,496 parameters. */
export const squeezenet1_1 = (options: SqueezeNetOptions): SqueezeNet => new SqueezeNet("1.1", options);
