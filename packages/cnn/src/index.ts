// small nets for digits
export { DigitsCnn } from "./digits-cnn.ts";
export { SimpleNet } from "./simple-net.ts";
export { SimpleCnn } from "./simple-cnn.ts";
export { MnistMlp, type MnistNetOptions } from "./mnist-mlp.ts";
export { MnistCnn } from "./mnist-cnn.ts";
export { InceptionA } from "./inception-a.ts";
export { MnistInception } from "./mnist-inception.ts";
export { MnistResNet, ResidualBlock } from "./mnist-res-net.ts";

// classifiers of images, by year
export { ConvNet } from "./conv-net.ts";
export { AlexNet, type AlexNetOptions } from "./alexnet.ts";
export {
  Vgg,
  vgg11,
  vgg11Bn,
  vgg13,
  vgg13Bn,
  vgg16,
  vgg16Bn,
  vgg19,
  vgg19Bn,
  type VggOptions,
} from "./vgg.ts";
export { GoogLeNet, type GoogLeNetLogits, type GoogLeNetOptions } from "./googlenet.ts";
export { BasicBlock } from "./basic-block.ts";
export { Bottleneck } from "./bottleneck.ts";
export {
  ResNet,
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  resnet152,
  type ResNetOptions,
  resnext101_32x8d,
  resnext101_64x4d,
  resnext50_32x4d,
  wideResnet101_2,
  wideResnet50_2,
} from "./resnet.ts";
export { type ResNetBlock, type ResNetBlockClass, type ResNetBlockOptions } from "./res-net-block.ts";
export { SqueezeNet, squeezenet1_0, squeezenet1_1, type SqueezeNetOptions } from "./squeezenet.ts";
export { MobileNetV1, type MobileNetV1Options } from "./mobilenet-v1.ts";
export { MobileNetV2, type MobileNetV2Options } from "./mobilenet-v2.ts";
export { MobileNetV3, mobilenetV3Large, type MobileNetV3Options, mobilenetV3Small } from "./mobilenet-v3.ts";
export {
  EfficientNet,
  efficientnetB0,
  efficientnetB1,
  efficientnetB2,
  efficientnetB3,
  efficientnetB4,
  efficientnetB5,
  efficientnetB6,
  efficientnetB7,
  type EfficientNetOptions,
} from "./efficientnet.ts";
export { InceptionV3, type InceptionV3Logits, type InceptionV3Options } from "./inception-v3.ts";
export {
  DenseNet,
  densenet121,
  densenet161,
  densenet169,
  densenet201,
  type DenseNetOptions,
} from "./densenet.ts";
export {
  ShuffleNetV2,
  type ShuffleNetV2Options,
  shufflenetV2X0_5,
  shufflenetV2X1_0,
  shufflenetV2X1_5,
  shufflenetV2X2_0,
} from "./shufflenet-v2.ts";
export {
  RegNet,
  type RegNetOptions,
  regnetX16gf,
  regnetX1_6gf,
  regnetX32gf,
  regnetX3_2gf,
  regnetX400mf,
  regnetX800mf,
  regnetX8gf,
  regnetY128gf,
  regnetY16gf,
  regnetY1_6gf,
  regnetY32gf,
  regnetY3_2gf,
  regnetY400mf,
  regnetY800mf,
  regnetY8gf,
} from "./regnet.ts";
export { type RegNetDesign, regNetStages, type RegNetStage } from "./regnet-stages.ts";
export {
  ConvNeXt,
  convnextBase,
  convnextLarge,
  type ConvNeXtOptions,
  convnextSmall,
  convnextTiny,
} from "./convnext.ts";
export {
  swinB,
  swinS,
  swinT,
  SwinTransformer,
  type SwinTransformerOptions,
  type SwinTransformerSizes,
  swinV2B,
  swinV2S,
  swinV2T,
} from "./swin-transformer.ts";
export { ShiftedWindowAttention, type ShiftedWindowAttentionOptions } from "./shifted-window-attention.ts";
export { ShiftedWindowAttentionV2 } from "./shifted-window-attention-v2.ts";
export { compoundScaling, type CompoundScaling, type EfficientNetSize } from "./compound-scaling.ts";

// filters set by hand
export { edgeDetector, type EdgeDetectorOptions } from "./edge-detector.ts";

// sequences
export { CausalConv1d, type CausalConv1dOptions } from "@pellucid/core-train";
export { TemporalBlock, TemporalConvNet, type TemporalConvNetOptions } from "./tcn.ts";
export { WeightNormConv1d, type WeightNormConv1dOptions } from "./weight-norm-conv1d.ts";

// features and heads of classifiers
export { FeaturesOnly } from "./features-only.ts";
export { type ImageClassifier, type ImageClassifierOptions } from "./image-classifier.ts";
export { resetClassifier } from "./reset-classifier.ts";
export { toFullyConvolutional } from "./to-fully-convolutional.ts";
