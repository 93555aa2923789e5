import { checkClassifierOptions } from "./check-classifier-options.ts";
import {
  adaptiveAvgPool2d,
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  flatten,
  initialize,
  type Layer,
  Linear,
  MaxPool2d,
  Module,
  relu,
  type Rng,
  Sequential,
  init,
  checkProbabilities,
} from "@pellucid/core-train";
import { concat, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";

/** Options for {@link GoogLeNet}. */
export interface GoogLeNetOptions extends ImageClassifierOptions {
  /** Whether to have the two auxiliary classifiers, for training. Default: true. */
  readonly auxLogits?: boolean;
  /** Probability of dropout before the head. Default: 0.2. */
  readonly dropout?: number;
  /** Probability of dropout before the heads of the auxiliary classifiers. Default: 0.7. */
  readonly dropoutAux?: number;
}

/** A convolution without bias, batch norm (eps 1e-3) and ReLU. */
class BasicConv2d extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly conv: Conv2d;
  readonly bn: BatchNorm2d;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    options: { readonly rng: Rng; readonly stride?: number; readonly padding?: number },
  ) {
    super();
    this.conv = new Conv2d(inChannels, outChannels, kernelSize, { ...options, bias: false });
    this.bn = new BatchNorm2d(outChannels, { eps: 1e-3 });
  }

  forward(x: Tensor4D): Tensor4D {
    return tidy(() => relu(this.bn.forward(this.conv.forward(x))));
  }
}

/** Channels of an {@link Inception} module: in; of the 1×1; before and of the 3×3; before and of the "5×5"; of the pool's. */
type Widths = readonly [
  inChannels: number,
  ch1x1: number,
  ch3x3red: number,
  ch3x3: number,
  ch5x5red: number,
  ch5x5: number,
  poolProj: number,
];

/** Four branches side by side. The branch that is 5×5 in the paper is 3×3 here, as in torchvision, so that its weights load. */
class Inception extends Module implements Layer<Tensor4D, Tensor4D> {
  readonly branch1: BasicConv2d;
  readonly branch2: Sequential<[BasicConv2d, BasicConv2d]>;
  readonly branch3: Sequential<[BasicConv2d, BasicConv2d]>;
  readonly branch4: Sequential<[MaxPool2d, BasicConv2d]>;

  constructor(
    [inChannels, ch1x1, ch3x3red, ch3x3, ch5x5red, ch5x5, poolProj]: Widths,
    { rng }: { readonly rng: Rng },
  ) {
    super();
    const reduced = (few: number, out: number) =>
      new Sequential(
        new BasicConv2d(inChannels, few, 1, { rng }),
        new BasicConv2d(few, out, 3, { rng, padding: 1 }),
      );
    this.branch1 = new BasicConv2d(inChannels, ch1x1, 1, { rng });
    this.branch2 = reduced(ch3x3red, ch3x3);
    this.branch3 = reduced(ch5x5red, ch5x5);
    this.branch4 = new Sequential(
      new MaxPool2d(3, { stride: 1, padding: 1, ceilMode: true }),
      new BasicConv2d(inChannels, poolProj, 1, { rng }),
    );
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns `[batch, height, width, ch1x1 + ch3x3 + ch5x5 + poolProj]`
   */
  forward(x: Tensor4D): Tensor4D {
    const branches = [this.branch1, this.branch2, this.branch3, this.branch4];
    return tidy(() =>
      concat(
        branches.map((branch) => branch.forward(x)),
        3,
      ),
    );
  }
}

/** A classifier in the middle of the model, whose loss increases the gradient at earlier layers. */
class InceptionAux extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv: BasicConv2d;
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly dropout: Dropout;

  constructor(
    inChannels: number,
    numClasses: number,
    { rng, dropout }: { readonly rng: Rng; readonly dropout: number },
  ) {
    super();
    this.conv = new BasicConv2d(inChannels, 128, 1, { rng });
    this.fc1 = new Linear(2048, 1024, { rng });
    this.fc2 = new Linear(1024, numClasses, { rng });
    this.dropout = new Dropout(dropout, { rng });
  }

  /**
   * @param x `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(x: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.conv.forward(adaptiveAvgPool2d(x, 4)); //                   [batch, 4, 4, 128]
      const features = this.dropout.forward(relu(this.fc1.forward(flatten(maps)))); // [batch, 1024]
      return this.fc2.forward(features);
    });
  }
}

/** The logits of all three classifiers of a {@link GoogLeNet}. */
export interface GoogLeNetLogits {
  readonly logits: Tensor2D;
  readonly aux1: Tensor2D;
  readonly aux2: Tensor2D;
}

/**
 * Inception modules for images, with torchvision's names, initial weights and numbers. 6,624,904 parameters, and
 * 13,004,888 with the auxiliary classifiers.
 *
 * Szegedy et al., 2015. Going deeper with convolutions. https://arxiv.org/abs/1409.4842. torchvision's pretrained weights
 * expect images normalized with mean 0.5 and standard deviation 0.5.
 */
export class GoogLeNet extends Module implements ImageClassifier {
  readonly conv1: BasicConv2d;
  readonly maxpool1 = new MaxPool2d(3, { stride: 2, ceilMode: true });
  readonly conv2: BasicConv2d;
  readonly conv3: BasicConv2d;
  readonly maxpool2 = new MaxPool2d(3, { stride: 2, ceilMode: true });
  readonly inception3a: Inception;
  readonly inception3b: Inception;
  readonly maxpool3 = new MaxPool2d(3, { stride: 2, ceilMode: true });
  readonly inception4a: Inception;
  readonly inception4b: Inception;
  readonly inception4c: Inception;
  readonly inception4d: Inception;
  readonly inception4e: Inception;
  readonly maxpool4 = new MaxPool2d(2, { stride: 2, ceilMode: true });
  readonly inception5a: Inception;
  readonly inception5b: Inception;
  readonly aux1: InceptionAux | null;
  readonly aux2: InceptionAux | null;
  readonly avgpool = new AdaptiveAvgPool2d(1);
  readonly dropout: Dropout;
  readonly fc: Linear;
  readonly head = "fc";

  constructor(options: GoogLeNetOptions) {
    super();
    checkClassifierOptions("GoogLeNet", options);
    const {
      rng,
      numClasses = 1000,
      inChannels = 3,
      auxLogits = true,
      dropout = 0.2,
      dropoutAux = 0.7,
    } = options;
    checkProbabilities("GoogLeNet", { dropoutAux });
    const aux = { rng, dropout: dropoutAux };
    this.conv1 = new BasicConv2d(inChannels, 64, 7, { rng, stride: 2, padding: 3 });
    this.conv2 = new BasicConv2d(64, 64, 1, { rng });
    this.conv3 = new BasicConv2d(64, 192, 3, { rng, padding: 1 });
    this.inception3a = new Inception([192, 64, 96, 128, 16, 32, 32], { rng });
    this.inception3b = new Inception([256, 128, 128, 192, 32, 96, 64], { rng });
    this.inception4a = new Inception([480, 192, 96, 208, 16, 48, 64], { rng });
    this.inception4b = new Inception([512, 160, 112, 224, 24, 64, 64], { rng });
    this.inception4c = new Inception([512, 128, 128, 256, 24, 64, 64], { rng });
    this.inception4d = new Inception([512, 112, 144, 288, 32, 64, 64], { rng });
    this.inception4e = new Inception([528, 256, 160, 320, 32, 128, 128], { rng });
    this.inception5a = new Inception([832, 256, 160, 320, 32, 128, 128], { rng });
    this.inception5b = new Inception([832, 384, 192, 384, 48, 128, 128], { rng });
    this.aux1 = auxLogits ? new InceptionAux(512, numClasses, aux) : null;
    this.aux2 = auxLogits ? new InceptionAux(528, numClasses, aux) : null;
    this.dropout = new Dropout(dropout, { rng });
    this.fc = new Linear(1024, numClasses, { rng });
    for (const [, module] of this.namedModules()) {
      if (!(module instanceof Conv2d || module instanceof Linear)) continue;
      initialize(module, "weight", init.truncatedNormal({ std: 0.01 }), rng);
    }
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => this.#classify(this.forwardFeatures(images).at(-1) as Tensor4D));
  }

  /**
   * All three classifiers, for training: the loss is that of `logits` and 0.3 of each of the others. PyTorch returns them
   * from `forward` in training.
   *
   * @param images `[batch, height, width, inChannels]`, 15×15 at least
   */
  forwardWithAuxiliary(images: Tensor4D): GoogLeNetLogits {
    const { aux1, aux2 } = this;
    if (aux1 === null || aux2 === null) {
      throw new TypeError("GoogLeNet: there are no auxiliary classifiers; pass auxLogits: true.");
    }
    return tidy(() => {
      const { a4, d4, maps } = this.#trunk(images);
      const last = maps.at(-1) as Tensor4D;
      return { logits: this.#classify(last), aux1: aux1.forward(a4), aux2: aux2.forward(d4) };
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => this.#trunk(images).maps);
  }

  #trunk(images: Tensor4D): { a4: Tensor4D; d4: Tensor4D; maps: Tensor4D[] } {
    const c1 = this.conv1.forward(images); //                                     [batch, height / 2, width / 2, 64]
    const c2 = this.conv3.forward(this.conv2.forward(this.maxpool1.forward(c1))); // [batch, height / 4, …, 192]
    const c3 = this.inception3b.forward(this.inception3a.forward(this.maxpool2.forward(c2))); // [height / 8, …, 480]
    const a4 = this.inception4a.forward(this.maxpool3.forward(c3)); //            [batch, height / 16, …, 512]
    const d4 = this.inception4d.forward(this.inception4c.forward(this.inception4b.forward(a4))); // [… , 528]
    const c4 = this.inception4e.forward(d4); //                                   [batch, height / 16, …, 832]
    const c5 = this.inception5b.forward(this.inception5a.forward(this.maxpool4.forward(c4))); // [height / 32, …, 1024]
    return { a4, d4, maps: [c1, c2, c3, c4, c5] };
  }

  #classify(maps: Tensor4D): Tensor2D {
    return this.fc.forward(this.dropout.forward(flatten(this.avgpool.forward(maps))));
  }
}
