import {
  adaptiveAvgPool2d,
  AvgPool2d,
  BatchNorm2d,
  checkOptions,
  checkProbabilities,
  checkSizeArray,
  checkSizes,
  Conv2d,
  Dropout,
  flatten,
  init,
  initialize,
  type Layer,
  Linear,
  MaxPool2d,
  Module,
  relu,
  type Rng,
  type TorchLayout,
} from "@pellucid/core-train";
import { concat, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { checkClassifierOptions } from "./check-classifier-options.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";

/** Options for {@link DenseNet}. */
export interface DenseNetOptions extends ImageClassifierOptions {
  /** Channels that each layer adds. Default: 32. */
  readonly growthRate?: number;
  /** Channels of the first convolution. Default: 64. */
  readonly numInitFeatures?: number;
  /** Channels of a layer's 1×1 convolution, in units of `growthRate`. Default: 4. */
  readonly bnSize?: number;
  /** Probability that a layer's new features are dropped. Default: 0. */
  readonly dropRate?: number;
}

interface DenseLayerOptions {
  readonly rng: Rng;
  readonly growthRate: number;
  readonly bnSize: number;
  readonly dropRate: number;
}

/** Norm, ReLU and a 1×1 convolution, then norm, ReLU and a 3×3 convolution to `growthRate` new channels. */
class DenseLayer extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly norm1: BatchNorm2d;
  readonly conv1: Conv2d;
  readonly norm2: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly dropout: Dropout;

  constructor(inChannels: number, { rng, growthRate, bnSize, dropRate }: DenseLayerOptions) {
    super();
    const width = bnSize * growthRate;
    this.norm1 = new BatchNorm2d(inChannels);
    this.conv1 = new Conv2d(inChannels, width, 1, { rng, bias: false });
    this.norm2 = new BatchNorm2d(width);
    this.conv2 = new Conv2d(width, growthRate, 3, { rng, padding: 1, bias: false });
    this.dropout = new Dropout(dropRate, { rng });
  }

  /** torchvision's files of pretrained weights have the names of its first versions. */
  get torchLayout(): TorchLayout {
    return {
      norm1: { aliases: ["norm.1"] },
      conv1: { aliases: ["conv.1"] },
      norm2: { aliases: ["norm.2"] },
      conv2: { aliases: ["conv.2"] },
    };
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height, width, growthRate]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const narrow = this.conv1.forward(relu(this.norm1.forward(x))); // [batch, height, width, bnSize · growthRate]
      return this.dropout.forward(this.conv2.forward(relu(this.norm2.forward(narrow))));
    });
  }
}

/** Layers that each read the features of all layers before them. */
class DenseBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly layers: readonly DenseLayer[];

  constructor(numLayers: number, inChannels: number, options: DenseLayerOptions) {
    super();
    this.layers = Array.from(
      { length: numLayers },
      (_, i) => new DenseLayer(inChannels + i * options.growthRate, options),
    );
  }

  get torchLayout(): TorchLayout {
    return Object.fromEntries(this.layers.map((_, i) => [`layers.${i}`, { name: `denselayer${i + 1}` }]));
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height, width, inChannels + numLayers · growthRate]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() =>
      this.layers.reduce((features, layer) => concat([features, layer.forward(features)], 3), x),
    );
  }
}

/** Halves the size, and the channels by a 1×1 convolution. */
class Transition extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly norm: BatchNorm2d;
  readonly conv: Conv2d;
  readonly pool = new AvgPool2d(2, { stride: 2 });

  constructor(inChannels: number, outChannels: number, { rng }: { readonly rng: Rng }) {
    super();
    this.norm = new BatchNorm2d(inChannels);
    this.conv = new Conv2d(inChannels, outChannels, 1, { rng, bias: false });
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height / 2, width / 2, outChannels]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => this.pool.forward(this.conv.forward(relu(this.norm.forward(x)))));
  }
}

/** The stem and the four dense blocks with the transitions between them. */
class DenseFeatures extends Module {
  readonly conv0: Conv2d;
  readonly norm0: BatchNorm2d;
  readonly pool0 = new MaxPool2d(3, { stride: 2, padding: 1 });
  /** Dense blocks at even indices, transitions at odd ones. */
  readonly stages: readonly (DenseBlock | Transition)[];
  readonly norm5: BatchNorm2d;
  readonly outChannels: number;

  constructor(
    inChannels: number,
    blockConfig: readonly number[],
    numInitFeatures: number,
    options: DenseLayerOptions,
  ) {
    super();
    const { rng, growthRate } = options;
    let channels = numInitFeatures;
    this.conv0 = new Conv2d(inChannels, channels, 7, { rng, stride: 2, padding: 3, bias: false });
    this.norm0 = new BatchNorm2d(channels);
    this.stages = blockConfig.flatMap((numLayers, i) => {
      const block = new DenseBlock(numLayers, channels, options);
      channels += numLayers * growthRate;
      if (i === blockConfig.length - 1) return [block];
      const wide = channels;
      channels = Math.floor(wide / 2);
      return [block, new Transition(wide, channels, { rng })];
    });
    this.norm5 = new BatchNorm2d(channels);
    this.outChannels = channels;
  }

  get torchLayout(): TorchLayout {
    const named = this.stages.map((stage, i): [string, { name: string }] => [
      `stages.${i}`,
      { name: `${stage instanceof DenseBlock ? "denseblock" : "transition"}${Math.floor(i / 2) + 1}` },
    ]);
    return Object.fromEntries(named);
  }

  /** @returns the stem's map, then that of each dense block; the last is normalized */
  forward(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      const stem = relu(this.norm0.forward(this.conv0.forward(images))); // [batch, height / 2, width / 2, numInitFeatures]
      const maps = [stem];
      let x = this.pool0.forward(stem); // [batch, height / 4, …]
      for (const stage of this.stages) {
        x = stage.forward(x);
        if (stage instanceof DenseBlock) maps.push(x); // [batch, height / 2^(i + 1), …]
      }
      return [...maps.slice(0, -1), relu(this.norm5.forward(x))];
    });
  }
}

/**
 * A classifier of images in which each layer reads the features of all layers before it in its block, with torchvision's names,
 * initial weights and numbers.
 *
 * Huang et al., 2017. Densely connected convolutional networks. https://arxiv.org/abs/1608.06993
 */
export class DenseNet extends Module implements ImageClassifier {
  readonly features: DenseFeatures;
  readonly classifier: Linear;
  readonly head = "classifier";

  /** @param blockConfig the number of layers in each dense block */
  constructor(blockConfig: readonly number[], options: DenseNetOptions) {
    super();
    checkClassifierOptions("DenseNet", options);
    checkOptions("DenseNet", options, [
      "rng",
      "numClasses",
      "inChannels",
      "growthRate",
      "numInitFeatures",
      "bnSize",
      "dropRate",
    ]);
    const { rng, numClasses = 1000, inChannels = 3 } = options;
    const { growthRate = 32, numInitFeatures = 64, bnSize = 4, dropRate = 0 } = options;
    checkSizes("DenseNet", { growthRate, numInitFeatures, bnSize });
    checkSizeArray("DenseNet", "blockConfig", blockConfig);
    checkProbabilities("DenseNet", { dropRate });
    this.features = new DenseFeatures(inChannels, blockConfig, numInitFeatures, {
      rng,
      growthRate,
      bnSize,
      dropRate,
    });
    this.classifier = new Linear(this.features.outChannels, numClasses, { rng });
    for (const [, module] of this.namedModules()) {
      if (module instanceof Conv2d) initialize(module, "weight", init.kaimingNormal(), rng);
      if (module instanceof Linear) initialize(module, "bias", init.constant(0), rng);
    }
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.forwardFeatures(images).at(-1) as Tensor4D; // [batch, height / 32, width / 32, channel]
      return this.classifier.forward(flatten(adaptiveAvgPool2d(maps, 1)));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return this.features.forward(images);
  }
}

/** DenseNet-121: 7,978,856 parameters. */
export const densenet121 = (options: DenseNetOptions): DenseNet => new DenseNet([6, 12, 24, 16], options);

/** DenseNet-161: 28,681,000 parameters. */
export const densenet161 = (options: DenseNetOptions): DenseNet =>
  new DenseNet([6, 12, 36, 24], { growthRate: 48, numInitFeatures: 96, ...options });

/** DenseNet-169: 14,149,480 parameters. */
export const densenet169 = (options: DenseNetOptions): DenseNet => new DenseNet([6, 12, 32, 32], options);

/** DenseNet-201: 20,013,928 parameters. */
export const densenet201 = (options: DenseNetOptions): DenseNet => new DenseNet([6, 12, 48, 32], options);
