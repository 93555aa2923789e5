import { checkClassifierOptions } from "./check-classifier-options.ts";
import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  flatten,
  initialize,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
  init,
  checkChoice,
} from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain, type MapLayer } from "./chain.ts";
import { mapsBeforePools } from "./maps-before-pools.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";

/** Options for {@link Vgg}. */
export interface VggOptions extends ImageClassifierOptions {
  /** Probability of dropout before the last two linear layers. Default: 0.5. */
  readonly dropout?: number;
}

/** Widths of the 3×3 convolutions, and the positions of max-pooling. Simonyan & Zisserman, table 1. */
const configurations = {
  A: [64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"],
  B: [64, 64, "pool", 128, 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"],
  D: [64, 64, "pool", 128, 128, "pool", 256, 256, 256, "pool", 512, 512, 512, "pool", 512, 512, 512, "pool"],
  E: [
    64,
    64,
    "pool",
    128,
    128,
    "pool",
    256,
    256,
    256,
    256,
    "pool",
    512,
    512,
    512,
    512,
    "pool",
    512,
    512,
    512,
    512,
    "pool",
  ],
} as const;

/**
 * Stacks of 3×3 convolutions for images, with torchvision's names, initial weights and numbers.
 *
 * Simonyan and Zisserman, 2015. Very deep convolutional networks. https://arxiv.org/abs/1409.1556
 */
export class Vgg extends Module implements ImageClassifier {
  readonly features: Chain;
  readonly avgpool = new AdaptiveAvgPool2d(7);
  readonly classifier: Sequential<[Linear, ReLU, Dropout, Linear, ReLU, Dropout, Linear]>;
  readonly head = "classifier.6";

  constructor(configuration: keyof typeof configurations, batchNorm: boolean, options: VggOptions) {
    super();
    checkClassifierOptions("Vgg", options);
    checkChoice("Vgg", "configuration", configuration, ["A", "B", "D", "E"]);
    const { rng, numClasses = 1000, inChannels = 3, dropout = 0.5 } = options;
    let channels = inChannels;
    const layers = configurations[configuration].flatMap((width): MapLayer[] => {
      if (width === "pool") return [new MaxPool2d(2)];
      const conv = new Conv2d(channels, width, 3, { rng, padding: 1 });
      channels = width;
      return [conv, ...(batchNorm ? [new BatchNorm2d(width)] : []), new ReLU()];
    });
    this.features = chain(...layers);
    this.classifier = new Sequential(
      new Linear(512 * 7 * 7, 4096, { rng }),
      new ReLU(),
      new Dropout(dropout, { rng }),
      new Linear(4096, 4096, { rng }),
      new ReLU(),
      new Dropout(dropout, { rng }),
      new Linear(4096, numClasses, { rng }),
    );
    for (const [, module] of this.namedModules()) {
      if (module instanceof Conv2d) initialize(module, "weight", init.kaimingNormal({ mode: "fanOut" }), rng);
      if (module instanceof Linear) initialize(module, "weight", init.normal(0, 0.01), rng);
      if (module instanceof Conv2d || module instanceof Linear)
        initialize(module, "bias", init.constant(0), rng);
    }
  }

  /**
   * @param images `[batch, height, width, inChannels]`, 32×32 at least
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.avgpool.forward(this.features.forward(images)); // [batch, 7, 7, 512]
      return this.classifier.forward(flatten(maps));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return mapsBeforePools(this.features, images);
  }
}

/** VGG-11: 132,863,336 parameters. */
export const vgg11 = (options: VggOptions): Vgg => new Vgg("A", false, options);

/** VGG-11 with batch norm: 132,868,840 parameters. */
export const vgg11Bn = (options: VggOptions): Vgg => new Vgg("A", true, options);

/** VGG-13: 133,047,848 parameters. */
export const vgg13 = (options: VggOptions): Vgg => new Vgg("B", false, options);

/** VGG-13 with batch norm: 133,053,736 parameters. */
export const vgg13Bn = (options: VggOptions): Vgg => new Vgg("B", true, options);

/** VGG-16: 138,357,544 parameters. */
export const vgg16 = (options: VggOptions): Vgg => new Vgg("D", false, options);

/** VGG-16 with batch norm: 138,365,992 parameters. */
export const vgg16Bn = (options: VggOptions): Vgg => new Vgg("D", true, options);

/** VGG-19: 143,667,240 parameters. */
export const vgg19 = (options: VggOptions): Vgg => new Vgg("E", false, options);

/** VGG-19 with batch norm: 143,678,248 parameters. */
export const vgg19Bn = (options: VggOptions): Vgg => new Vgg("E", true, options);
