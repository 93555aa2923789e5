import { checkClassifierOptions } from "./check-classifier-options.ts";
import {
  adaptiveAvgPool2d,
  AdaptiveAvgPool2d,
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
import { BasicConv2d } from "./basic-conv2d.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";

/** Options for {@link GoogLeNet}. */
export interface GoogLeNetOptions extends ImageClassifierOptions {
  /** Whether to add the two auxiliary classifiers, which only training uses. Default: true. */
  readonly auxLogits?: boolean;
  /** Probability of dropout before the head. Default: 0.2. */
  readonly dropout?: number;
  /** Probability of dropout before the heads of the auxiliary classifiers. Default: 0.7. */
  readonly dropoutAux?: number;
}

/**
 * Channels of an {@link Inception} module, with torchvision's names: of the input, then of the output of each convolution. `red` is the
 * 1×1 convolution that reduces the channels before the 3×3 or the "5×5"; `poolProj` is the 1×1 after the pooling.
 */
type Widths = readonly [
  inChannels: number,
  ch1x1: number,
  ch3x3red: number,
  ch3x3: number,
  ch5x5red: number,
  ch5x5: number,
  poolProj: number,
];

/** Four parallel branches, concatenated along the channels. The paper's 5×5 branch is 3×3, as in torchvision, whose weights load. */
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
    const reduceThenConv = (reducedChannels: number, outChannels: number) =>
      new Sequential(
        new BasicConv2d(inChannels, reducedChannels, 1, { rng }),
        new BasicConv2d(reducedChannels, outChannels, 3, { rng, padding: 1 }),
      );
    this.branch1 = new BasicConv2d(inChannels, ch1x1, 1, { rng });
    this.branch2 = reduceThenConv(ch3x3red, ch3x3);
    this.branch3 = reduceThenConv(ch5x5red, ch5x5);
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

/** An auxiliary classifier on intermediate feature maps. Its loss adds gradient to the earlier layers. */
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
    this.fc1 = new Linear(2048, 1024, { rng }); // 2048 = 4 · 4 · 128
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

/** The logits of all three classifiers of a {@link GoogLeNet}, each `[batch, numClasses]`. torchvision: `GoogLeNetOutputs`. */
export interface GoogLeNetLogits {
  readonly logits: Tensor2D;
  /** Of the classifier after `inception4a`; torchvision: `aux_logits1`. */
  readonly aux1: Tensor2D;
  /** Of the classifier after `inception4d`; torchvision: `aux_logits2`. */
  readonly aux2: Tensor2D;
}

/**
 * GoogLeNet (Inception v1), an image classifier: torchvision's `googlenet`, with its parameter names and initialization. 6,624,904
 * parameters, and 13,004,888 with the auxiliary classifiers.
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
   * The logits of all three classifiers, for training. The paper's loss is `loss(logits) + 0.3 · (loss(aux1) + loss(aux2))`.
   * torchvision returns all three from `forward` in training mode.
   *
   * @param images `[batch, height, width, inChannels]`, at least 15×15
   * @throws TypeError if the model was made with `auxLogits: false`
   */
  forwardWithAuxiliary(images: Tensor4D): GoogLeNetLogits {
    const { aux1, aux2 } = this;
    if (aux1 === null || aux2 === null) {
      throw new TypeError("GoogLeNet: there are no auxiliary classifiers; pass auxLogits: true.");
    }
    return tidy(() => {
      const { after4a, after4d, maps } = this.#trunk(images);
      const last = maps.at(-1) as Tensor4D;
      return { logits: this.#classify(last), aux1: aux1.forward(after4a), aux2: aux2.forward(after4d) };
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => this.#trunk(images).maps);
  }

  #trunk(images: Tensor4D): { after4a: Tensor4D; after4d: Tensor4D; maps: Tensor4D[] } {
    const c1 = this.conv1.forward(images); // [batch, height / 2, width / 2, 64]
    const c2 = this.conv3.forward(this.conv2.forward(this.maxpool1.forward(c1))); // [batch, height / 4, width / 4, 192]
    const before3a = this.maxpool2.forward(c2); // [batch, height / 8, width / 8, 192]
    const c3 = this.inception3b.forward(this.inception3a.forward(before3a)); // [batch, height / 8, width / 8, 480]
    const after4a = this.inception4a.forward(this.maxpool3.forward(c3)); // [batch, height / 16, width / 16, 512]
    const after4c = this.inception4c.forward(this.inception4b.forward(after4a)); // [batch, height / 16, width / 16, 512]
    const after4d = this.inception4d.forward(after4c); // [batch, height / 16, width / 16, 528]
    const c4 = this.inception4e.forward(after4d); // [batch, height / 16, width / 16, 832]
    const before5a = this.maxpool4.forward(c4); // [batch, height / 32, width / 32, 832]
    const c5 = this.inception5b.forward(this.inception5a.forward(before5a)); // [batch, height / 32, width / 32, 1024]
    return { after4a, after4d, maps: [c1, c2, c3, c4, c5] };
  }

  #classify(maps: Tensor4D): Tensor2D {
    return this.fc.forward(this.dropout.forward(flatten(this.avgpool.forward(maps))));
  }
}
