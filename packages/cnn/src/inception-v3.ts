import {
  adaptiveAvgPool2d,
  AvgPool2d,
  checkOptions,
  checkProbabilities,
  Conv2d,
  Dropout,
  flatten,
  init,
  initialize,
  type Layer,
  Linear,
  MaxPool2d,
  Module,
  OptionError,
  type Rng,
  type TorchLayout,
} from "@pellucid/core-train";
import { add, mul, tensor1d, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { BasicConv2d } from "./basic-conv2d.ts";
import { checkClassifierOptions } from "./check-classifier-options.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";
import { InceptionBlock } from "./inception-block.ts";
import { inceptionV3Branches as branches } from "./inception-v3-branches.ts";

/** Options for {@link InceptionV3}. */
export interface InceptionV3Options extends ImageClassifierOptions {
  /** Whether to add the auxiliary classifier, which only training uses. Default: true. */
  readonly auxLogits?: boolean;
  /** Probability of dropout before the head. Default: 0.5. */
  readonly dropout?: number;
  /**
   * Whether to change images that are normalized with ImageNet's means and deviations to the range −1 … 1 of the original weights, as
   * torchvision's pretrained files need it. Only for three channels. Default: false.
   */
  readonly transformInput?: boolean;
}

/** The logits of both classifiers of an {@link InceptionV3}, each `[batch, numClasses]`. torchvision: `InceptionOutputs`. */
export interface InceptionV3Logits {
  readonly logits: Tensor2D;
  /** Of the classifier after `mixed6e`; torchvision: `aux_logits`. */
  readonly aux: Tensor2D;
}

/** An auxiliary classifier on the maps of 17×17. */
class InceptionV3Aux extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly pool = new AvgPool2d(5, { stride: 3 });
  readonly conv0: BasicConv2d;
  readonly conv1: BasicConv2d;
  readonly fc: Linear;

  constructor(inChannels: number, numClasses: number, { rng }: { readonly rng: Rng }) {
    super();
    this.conv0 = new BasicConv2d(inChannels, 128, 1, { rng });
    this.conv1 = new BasicConv2d(128, 768, 5, { rng });
    this.fc = new Linear(768, numClasses, { rng });
  }

  /**
   * @param x `[batch, 17, 17, inChannels]`, or larger
   * @returns logits `[batch, numClasses]`
   */
  forward(x: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.conv1.forward(this.conv0.forward(this.pool.forward(x))); // [batch, 1, 1, 768]
      return this.fc.forward(flatten(adaptiveAvgPool2d(maps, 1)));
    });
  }
}

/**
 * Inception v3, a classifier of images of at least 75×75 pixels (299×299 in the paper), with torchvision's names, initial weights and
 * numbers. 27,161,264 parameters, 23,834,568 without the auxiliary classifier.
 *
 * Szegedy et al., 2016. Rethinking the Inception architecture for computer vision. https://arxiv.org/abs/1512.00567
 */
export class InceptionV3 extends Module implements ImageClassifier {
  readonly conv1a: BasicConv2d;
  readonly conv2a: BasicConv2d;
  readonly conv2b: BasicConv2d;
  readonly maxpool1 = new MaxPool2d(3, { stride: 2 });
  readonly conv3b: BasicConv2d;
  readonly conv4a: BasicConv2d;
  readonly maxpool2 = new MaxPool2d(3, { stride: 2 });
  readonly mixed5b: InceptionBlock;
  readonly mixed5c: InceptionBlock;
  readonly mixed5d: InceptionBlock;
  readonly mixed6a: InceptionBlock;
  readonly mixed6b: InceptionBlock;
  readonly mixed6c: InceptionBlock;
  readonly mixed6d: InceptionBlock;
  readonly mixed6e: InceptionBlock;
  readonly auxLogits: InceptionV3Aux | null;
  readonly mixed7a: InceptionBlock;
  readonly mixed7b: InceptionBlock;
  readonly mixed7c: InceptionBlock;
  readonly dropout: Dropout;
  readonly fc: Linear;
  readonly transformInput: boolean;
  readonly head = "fc";

  constructor(options: InceptionV3Options) {
    super();
    checkClassifierOptions("InceptionV3", options);
    checkOptions("InceptionV3", options, [
      "rng",
      "numClasses",
      "inChannels",
      "auxLogits",
      "dropout",
      "transformInput",
    ]);
    const { rng, numClasses = 1000, inChannels = 3, dropout = 0.5 } = options;
    const { auxLogits = true, transformInput = false } = options;
    checkProbabilities("InceptionV3", { dropout });
    if (transformInput && inChannels !== 3)
      throw new OptionError("InceptionV3", "transformInput", true, "false where inChannels is not 3");
    this.transformInput = transformInput;
    this.conv1a = new BasicConv2d(inChannels, 32, 3, { rng, stride: 2 });
    this.conv2a = new BasicConv2d(32, 32, 3, { rng });
    this.conv2b = new BasicConv2d(32, 64, 3, { rng, padding: 1 });
    this.conv3b = new BasicConv2d(64, 80, 1, { rng });
    this.conv4a = new BasicConv2d(80, 192, 3, { rng });
    this.mixed5b = new InceptionBlock(192, branches.a(32), { rng });
    this.mixed5c = new InceptionBlock(256, branches.a(64), { rng });
    this.mixed5d = new InceptionBlock(288, branches.a(64), { rng });
    this.mixed6a = new InceptionBlock(288, branches.b, { rng });
    this.mixed6b = new InceptionBlock(768, branches.c(128), { rng });
    this.mixed6c = new InceptionBlock(768, branches.c(160), { rng });
    this.mixed6d = new InceptionBlock(768, branches.c(160), { rng });
    this.mixed6e = new InceptionBlock(768, branches.c(192), { rng });
    this.auxLogits = auxLogits ? new InceptionV3Aux(768, numClasses, { rng }) : null;
    this.mixed7a = new InceptionBlock(768, branches.d, { rng });
    this.mixed7b = new InceptionBlock(1280, branches.e, { rng });
    this.mixed7c = new InceptionBlock(2048, branches.e, { rng });
    this.dropout = new Dropout(dropout, { rng });
    this.fc = new Linear(2048, numClasses, { rng });
    for (const [, module] of this.namedModules()) {
      if (!(module instanceof Conv2d || module instanceof Linear)) continue;
      const std = module === this.auxLogits?.fc ? 0.001 : 0.1;
      initialize(module, "weight", init.truncatedNormal({ std }), rng);
    }
  }

  get torchLayout(): TorchLayout {
    const mixed = ["5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c"];
    return {
      conv1a: { name: "Conv2d_1a_3x3" },
      conv2a: { name: "Conv2d_2a_3x3" },
      conv2b: { name: "Conv2d_2b_3x3" },
      conv3b: { name: "Conv2d_3b_1x1" },
      conv4a: { name: "Conv2d_4a_3x3" },
      auxLogits: { name: "AuxLogits" },
      ...Object.fromEntries(mixed.map((id) => [`mixed${id}`, { name: `Mixed_${id}` }])),
    };
  }

  /**
   * @param images `[batch, height, width, inChannels]`, at least 75×75
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => this.#classify(this.#after(this.#before(images).at(-1) as Tensor4D)));
  }

  /**
   * The logits of both classifiers, for training. torchvision's loss is `loss(logits) + 0.4 loss(aux)`; it returns both from `forward`
   * in training mode.
   *
   * @param images `[batch, height, width, inChannels]`, at least 139×139
   * @throws TypeError if the model was made with `auxLogits: false`
   */
  forwardWithAuxiliary(images: Tensor4D): InceptionV3Logits {
    const { auxLogits } = this;
    if (auxLogits === null)
      throw new TypeError("InceptionV3: there is no auxiliary classifier; pass auxLogits: true.");
    return tidy(() => {
      const maps = this.#before(images).at(-1) as Tensor4D;
      return { logits: this.#classify(this.#after(maps)), aux: auxLogits.forward(maps) };
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      const maps = this.#before(images);
      return [...maps, this.#after(maps.at(-1) as Tensor4D)];
    });
  }

  /** The maps of each resolution before the last. The sizes are those of images of 299×299. */
  #before(images: Tensor4D): Tensor4D[] {
    const x = this.transformInput ? toUnitRange(images) : images;
    const c1 = this.conv2b.forward(this.conv2a.forward(this.conv1a.forward(x))); //    [batch, 147, 147, 64]
    const c2 = this.conv4a.forward(this.conv3b.forward(this.maxpool1.forward(c1))); //  [batch, 71, 71, 192]
    const fifth = [this.mixed5b, this.mixed5c, this.mixed5d];
    const c3 = fifth.reduce((maps, block) => block.forward(maps), this.maxpool2.forward(c2)); // [batch, 35, 35, 288]
    const sixth = [this.mixed6a, this.mixed6b, this.mixed6c, this.mixed6d, this.mixed6e];
    const c4 = sixth.reduce((maps, block) => block.forward(maps), c3); //               [batch, 17, 17, 768]
    return [c1, c2, c3, c4];
  }

  #after(maps: Tensor4D): Tensor4D {
    return this.mixed7c.forward(this.mixed7b.forward(this.mixed7a.forward(maps))); // [batch, 8, 8, 2048]
  }

  #classify(maps: Tensor4D): Tensor2D {
    return this.fc.forward(flatten(this.dropout.forward(adaptiveAvgPool2d(maps, 1))));
  }
}

/** From ImageNet's normalization to `2 x − 1` of pixels in 0 … 1. */
function toUnitRange(images: Tensor4D): Tensor4D {
  const deviations = tensor1d([0.229, 0.224, 0.225].map((std) => std / 0.5));
  const means = tensor1d([0.485, 0.456, 0.406].map((mean) => (mean - 0.5) / 0.5));
  return add(mul(images, deviations), means);
}
