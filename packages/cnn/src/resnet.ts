import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  flatten,
  initialize,
  kaimingNormal,
  type Layer,
  Linear,
  MaxPool2d,
  Module,
  relu,
  type Rng,
  Sequential,
  zeros,
} from "@pellucid/core-train";
import { add, type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";

/** Options of a {@link ResNet}. */
export interface ResNetOptions extends ImageClassifierOptions {
  /** Whether each block starts as the identity: the scale of its last norm is zero. Default: false. */
  readonly zeroInitResidual?: boolean;
  /** Groups of the 3×3 convolutions of a bottleneck (ResNeXt). Default: 1. */
  readonly groups?: number;
  /** Channels of a group in the first stage of bottlenecks (wide ResNet: 128). Default: 64. */
  readonly widthPerGroup?: number;
}

/** How a block is placed in its stage. */
interface BlockOptions {
  readonly rng: Rng;
  readonly stride: number;
  readonly groups: number;
  readonly widthPerGroup: number;
}

/** A residual block, given what goes in and the width of its stage. */
interface BlockClass {
  /** Channels out per channel of width. */
  readonly expansion: number;
  new (inplanes: number, planes: number, options: BlockOptions): BasicBlock | Bottleneck;
}

/** Two 3×3 convolutions and a way around them. He et al., 2016, figure 5 left. */
export class BasicBlock extends Module implements Layer<Tensor4D, Tensor4D> {
  static readonly expansion = 1;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly downsample: Sequential<[Conv2d, BatchNorm2d]> | null;

  constructor(inplanes: number, planes: number, options: BlockOptions) {
    super();
    const { rng, stride } = options;
    const downsample = downsampling(inplanes, planes, options);
    this.conv1 = new Conv2d(inplanes, planes, 3, { rng, stride, padding: 1, bias: false });
    this.bn1 = new BatchNorm2d(planes);
    this.conv2 = new Conv2d(planes, planes, 3, { rng, padding: 1, bias: false });
    this.bn2 = new BatchNorm2d(planes);
    this.downsample = downsample;
  }

  /**
   * @param x `[batch, height, width, inplanes]`
   * @returns `[batch, height / stride, width / stride, planes]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const first = relu(this.bn1.forward(this.conv1.forward(x)));
      const second = this.bn2.forward(this.conv2.forward(first));
      return relu(add(second, this.downsample === null ? x : this.downsample.forward(x)));
    });
  }
}

/**
 * 1×1 to fewer channels, 3×3, 1×1 back, and a way around them. He et al., 2016, figure 5 right; the stride is on the 3×3, as
 * in torchvision ("ResNet v1.5"), not on the first 1×1 as in the paper.
 */
export class Bottleneck extends Module implements Layer<Tensor4D, Tensor4D> {
  static readonly expansion = 4;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly conv3: Conv2d;
  readonly bn3: BatchNorm2d;
  readonly downsample: Sequential<[Conv2d, BatchNorm2d]> | null;

  constructor(inplanes: number, planes: number, options: BlockOptions) {
    super();
    const { rng, stride, groups, widthPerGroup } = options;
    const out = planes * Bottleneck.expansion;
    const width = Math.trunc((planes * widthPerGroup) / 64) * groups;
    const downsample = downsampling(inplanes, out, options);
    this.conv1 = new Conv2d(inplanes, width, 1, { rng, bias: false });
    this.bn1 = new BatchNorm2d(width);
    this.conv2 = new Conv2d(width, width, 3, { rng, stride, padding: 1, groups, bias: false });
    this.bn2 = new BatchNorm2d(width);
    this.conv3 = new Conv2d(width, out, 1, { rng, bias: false });
    this.bn3 = new BatchNorm2d(out);
    this.downsample = downsample;
  }

  /**
   * @param x `[batch, height, width, inplanes]`
   * @returns `[batch, height / stride, width / stride, 4 planes]`
   */
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const first = relu(this.bn1.forward(this.conv1.forward(x)));
      const second = relu(this.bn2.forward(this.conv2.forward(first)));
      const third = this.bn3.forward(this.conv3.forward(second));
      return relu(add(third, this.downsample === null ? x : this.downsample.forward(x)));
    });
  }
}

/** The way around a block that changes the shape. PyTorch draws its weights before the block's own. */
function downsampling(
  inplanes: number,
  out: number,
  { rng, stride }: BlockOptions,
): Sequential<[Conv2d, BatchNorm2d]> | null {
  if (stride === 1 && inplanes === out) return null;
  return new Sequential(new Conv2d(inplanes, out, 1, { rng, stride, bias: false }), new BatchNorm2d(out));
}

/**
 * A residual network for images, with torchvision's names, initial weights and numbers.
 *
 * He et al., 2016. Deep residual learning for image recognition. https://arxiv.org/abs/1512.03385
 */
export class ResNet extends Module implements ImageClassifier {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly maxpool = new MaxPool2d(3, { stride: 2, padding: 1 });
  readonly layer1: Layer<Tensor4D, Tensor4D>;
  readonly layer2: Layer<Tensor4D, Tensor4D>;
  readonly layer3: Layer<Tensor4D, Tensor4D>;
  readonly layer4: Layer<Tensor4D, Tensor4D>;
  readonly avgpool = new AdaptiveAvgPool2d(1);
  readonly fc: Linear;
  readonly head = "fc";

  /** @param layers blocks in each of the four stages */
  constructor(block: BlockClass, layers: readonly [number, number, number, number], options: ResNetOptions) {
    super();
    const {
      rng,
      numClasses = 1000,
      inChannels = 3,
      zeroInitResidual = false,
      groups = 1,
      widthPerGroup = 64,
    } = options;
    let inplanes = 64;
    const stage = (planes: number, blocks: number, stride: number) => {
      const made = Array.from({ length: blocks }, (_, i) => {
        const placed = new block(inplanes, planes, {
          rng,
          stride: i === 0 ? stride : 1,
          groups,
          widthPerGroup,
        });
        inplanes = planes * block.expansion;
        return placed;
      });
      return new Sequential<readonly Layer<Tensor4D, Tensor4D>[]>(...made);
    };
    this.conv1 = new Conv2d(inChannels, 64, 7, { rng, stride: 2, padding: 3, bias: false });
    this.bn1 = new BatchNorm2d(64);
    this.layer1 = stage(64, layers[0], 1);
    this.layer2 = stage(128, layers[1], 2);
    this.layer3 = stage(256, layers[2], 2);
    this.layer4 = stage(512, layers[3], 2);
    this.fc = new Linear(512 * block.expansion, numClasses, { rng });
    for (const [, module] of this.namedModules()) {
      if (module instanceof Conv2d) initialize(module, "weight", kaimingNormal({ mode: "fanOut" }), rng);
    }
    if (!zeroInitResidual) return;
    for (const [, module] of this.namedModules()) {
      if (module instanceof Bottleneck) initialize(module.bn3, "weight", zeros(), rng);
      else if (module instanceof BasicBlock) initialize(module.bn2, "weight", zeros(), rng);
    }
  }

  /**
   * @param images `[batch, height, width, inChannels]`
   * @returns logits `[batch, numClasses]`
   */
  forward(images: Tensor4D): Tensor2D {
    return tidy(() => {
      const maps = this.forwardFeatures(images).at(-1) as Tensor4D; // [batch, height / 32, width / 32, 512 · expansion]
      return this.fc.forward(flatten(this.avgpool.forward(maps)));
    });
  }

  forwardFeatures(images: Tensor4D): Tensor4D[] {
    return tidy(() => {
      const stem = relu(this.bn1.forward(this.conv1.forward(images))); // [batch, height / 2, width / 2, 64]
      const c2 = this.layer1.forward(this.maxpool.forward(stem)); //      [batch, height / 4, …]
      const c3 = this.layer2.forward(c2); //                              [batch, height / 8, …]
      const c4 = this.layer3.forward(c3); //                              [batch, height / 16, …]
      const c5 = this.layer4.forward(c4); //                              [batch, height / 32, …]
      return [stem, c2, c3, c4, c5];
    });
  }
}

/** ResNet-18: 11,689,512 parameters. */
export const resnet18 = (options: ResNetOptions): ResNet => new ResNet(BasicBlock, [2, 2, 2, 2], options);

/** ResNet-34: 21,797,672 parameters. */
export const resnet34 = (options: ResNetOptions): ResNet => new ResNet(BasicBlock, [3, 4, 6, 3], options);

/** ResNet-50: 25,557,032 parameters. */
export const resnet50 = (options: ResNetOptions): ResNet => new ResNet(Bottleneck, [3, 4, 6, 3], options);

/** ResNet-101: 44,549,160 parameters. */
export const resnet101 = (options: ResNetOptions): ResNet => new ResNet(Bottleneck, [3, 4, 23, 3], options);

/** ResNet-152: 60,192,808 parameters. */
export const resnet152 = (options: ResNetOptions): ResNet => new ResNet(Bottleneck, [3, 8, 36, 3], options);
