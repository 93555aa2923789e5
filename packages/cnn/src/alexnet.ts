import { checkClassifierOptions } from "./check-classifier-options.ts";
import {
  AdaptiveAvgPool2d,
  Conv2d,
  Dropout,
  flatten,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
} from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Chain, chain } from "./chain.ts";
import { mapsBeforePools } from "./maps-before-pools.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";

/** Options for {@link AlexNet}. */
export interface AlexNetOptions extends ImageClassifierOptions {
  /** Probability of dropout before the first two linear layers. Default: 0.5. */
  readonly dropout?: number;
}

/**
 * The model that won ImageNet in 2012, in torchvision's single-column form, with its names, initial weights and numbers. 61,100,840
 * parameters.
 *
 * Krizhevsky, 2014. One weird trick for parallelizing convolutional neural networks. https://arxiv.org/abs/1404.5997
 */
export class AlexNet extends Module implements ImageClassifier {
  readonly features: Chain;
  readonly avgpool = new AdaptiveAvgPool2d(6);
  readonly classifier: Sequential<[Dropout, Linear, ReLU, Dropout, Linear, ReLU, Linear]>;
  readonly head = "classifier.6";

  constructor(options: AlexNetOptions) {
    super();
    checkClassifierOptions("AlexNet", options);
    const { rng, numClasses = 1000, inChannels = 3, dropout = 0.5 } = options;
    this.features = chain(
      new Conv2d(inChannels, 64, 11, { rng, stride: 4, padding: 2 }),
      new ReLU(),
      new MaxPool2d(3, { stride: 2 }),
      new Conv2d(64, 192, 5, { rng, padding: 2 }),
      new ReLU(),
      new MaxPool2d(3, { stride: 2 }),
      new Conv2d(192, 384, 3, { rng, padding: 1 }),
      new ReLU(),
      new Conv2d(384, 256, 3, { rng, padding: 1 }),
      new ReLU(),
      new Conv2d(256, 256, 3, { rng, padding: 1 }),
      new ReLU(),
      new MaxPool2d(3, { stride: 2 }),
    );
    this.classifier = new Sequential(
      new Dropout(dropout, { rng }),
      new Linear(256 * 6 * 6, 4096, { rng }),
      new ReLU(),
      new Dropout(dropout, { rng }),
      new Linear(4096, 4096, { rng }),
      new ReLU(),
      new Linear(4096, numClasses, { rng }),
    );
  }

  /**
   * @param images `[batch, height, width, inChannels]`, 63×63 at least
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.avgpool.forward(this.features.forward(images)); // [batch, 6, 6, 256]
      return this.classifier.forward(flatten(maps));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return mapsBeforePools(this.features, images);
  }
}
