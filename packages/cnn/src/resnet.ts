import { checkClassifierOptions } from "./check-classifier-options.ts";
import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  checkArguments,
  checkSizeArray,
  checkSizes,
  Conv2d,
  flatten,
  FrozenBatchNorm2d,
  init,
  initialize,
  type Layer,
  Linear,
  MaxPool2d,
  Module,
  relu,
  Sequential,
} from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { BasicBlock } from "./basic-block.ts";
import { Bottleneck } from "./bottleneck.ts";
import type { MapLayer } from "./chain.ts";
import type { ImageClassifier, ImageClassifierOptions } from "./image-classifier.ts";
import type { ResNetBlockClass } from "./res-net-block.ts";

/** Options for {@link ResNet}. */
export interface ResNetOptions extends ImageClassifierOptions {
  /** Whether each block is initialized as the identity: the weight of its last norm is 0. Default: false. */
  readonly zeroInitResidual?: boolean;
  /** Groups of the 3×3 convolutions of a bottleneck (ResNeXt). Default: 1. */
  readonly groups?: number;
  /** Channels of a group in the first stage of bottlenecks (wide ResNet: 128). Default: 64. */
  readonly widthPerGroup?: number;
  /**
   * Whether each of the last three stages dilates its convolutions instead of halving the size: for segmentation. Only
   * with {@link Bottleneck}. Default: none.
   */
  readonly replaceStrideWithDilation?: readonly [boolean, boolean, boolean];
  /** Makes a normalization layer for a number of channels: `FrozenBatchNorm2d` for detectors. Default: {@link BatchNorm2d}. */
  readonly normLayer?: (channels: number) => MapLayer;
}

/**
 * A residual network for images, with torchvision's names, initial weights and numbers.
 *
 * He et al., 2016. Deep residual learning for image recognition. https://arxiv.org/abs/1512.03385
 */
export class ResNet extends Module implements ImageClassifier {
  readonly conv1: Conv2d;
  readonly bn1: MapLayer;
  readonly maxpool = new MaxPool2d(3, { stride: 2, padding: 1 });
  readonly layer1: Layer<Tensor4D, Tensor4D>;
  readonly layer2: Layer<Tensor4D, Tensor4D>;
  readonly layer3: Layer<Tensor4D, Tensor4D>;
  readonly layer4: Layer<Tensor4D, Tensor4D>;
  readonly avgpool = new AdaptiveAvgPool2d(1);
  readonly fc: Linear;
  readonly head = "fc";

  /** @param layers blocks in each of the four stages */
  constructor(
    block: ResNetBlockClass,
    layers: readonly [number, number, number, number],
    options: ResNetOptions,
  ) {
    super();
    checkArguments("ResNet", { function: { block } });
    checkClassifierOptions("ResNet", options);
    const {
      rng,
      numClasses = 1000,
      inChannels = 3,
      zeroInitResidual = false,
      groups = 1,
      widthPerGroup = 64,
      replaceStrideWithDilation: [dilate2, dilate3, dilate4] = [false, false, false],
      normLayer = (channels) => new BatchNorm2d(channels),
    } = options;
    checkSizes("ResNet", { groups, widthPerGroup });
    checkSizeArray("ResNet", "layers", layers, 4);
    let inplanes = 64;
    let dilation = 1;
    const stage = (planes: number, blocks: number, stride: number, dilate = false) => {
      const before = dilation;
      if (dilate) dilation *= stride;
      const made = Array.from({ length: blocks }, (_, i) => {
        const placed = new block(inplanes, planes, {
          rng,
          stride: i === 0 && !dilate ? stride : 1,
          dilation: i === 0 ? before : dilation,
          groups,
          widthPerGroup,
          normLayer,
        });
        inplanes = planes * block.expansion;
        return placed;
      });
      return new Sequential<readonly Layer<Tensor4D, Tensor4D>[]>(...made);
    };
    this.conv1 = new Conv2d(inChannels, 64, 7, { rng, stride: 2, padding: 3, bias: false });
    this.bn1 = normLayer(64);
    this.layer1 = stage(64, layers[0], 1);
    this.layer2 = stage(128, layers[1], 2, dilate2);
    this.layer3 = stage(256, layers[2], 2, dilate3);
    this.layer4 = stage(512, layers[3], 2, dilate4);
    this.fc = new Linear(512 * block.expansion, numClasses, { rng });
    for (const [, module] of this.namedModules()) {
      if (module instanceof Conv2d) initialize(module, "weight", init.kaimingNormal({ mode: "fanOut" }), rng);
    }
    if (!zeroInitResidual) return;
    for (const [, module] of this.namedModules()) {
      if (!(module instanceof Bottleneck || module instanceof BasicBlock)) continue;
      const { lastNorm } = module;
      if (lastNorm instanceof BatchNorm2d || lastNorm instanceof FrozenBatchNorm2d)
        initialize(lastNorm, "weight", init.zeros(), rng);
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

/** ResNeXt-50 32×4d, bottlenecks of 32 groups (Xie et al., 2017, https://arxiv.org/abs/1611.05431): 25,028,904 parameters. */
export const resnext50_32x4d = (options: ResNetOptions): ResNet =>
  resnet50({ groups: 32, widthPerGroup: 4, ...options });

/** ResNeXt-101 32×8d: 88,791,336 parameters. */
export const resnext101_32x8d = (options: ResNetOptions): ResNet =>
  resnet101({ groups: 32, widthPerGroup: 8, ...options });

/** ResNeXt-101 64×4d: 83,455,272 parameters. */
export const resnext101_64x4d = (options: ResNetOptions): ResNet =>
  resnet101({ groups: 64, widthPerGroup: 4, ...options });

/** Wide ResNet-50-2, with twice the channels inside of the bottlenecks (Zagoruyko and Komodakis, 2016, https://arxiv.org/abs/1605.07146): 68,883,240 parameters. */
export const wideResnet50_2 = (options: ResNetOptions): ResNet =>
  resnet50({ widthPerGroup: 128, ...options });

/** Wide ResNet-101-2: 126,886,696 parameters. */
export const wideResnet101_2 = (options: ResNetOptions): ResNet =>
  resnet101({ widthPerGroup: 128, ...options });
