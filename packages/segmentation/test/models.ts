// The models of fixtures/torch/unets.py and on-backbones.py, each layer made in their order.
import { BasicBlock, ResNet } from "@pellucid/cnn";
import {
  BatchNorm2d,
  Conv2d,
  IntermediateLayers,
  type Module,
  ReLU,
  type Rng,
  Sequential,
} from "@pellucid/core-train";
import * as segmentation from "@pellucid/segmentation";
import { Tensor, type Tensor4D } from "@tensorflow/tfjs-core";

/** A model, or one of torchvision's with an auxiliary output. */
export type Model = Module & { forward(images: Tensor4D): Tensor4D | segmentation.SegmentationOutput };

/** Four stages of strides 2, 4, 8, 16 and 4, 6, 8, 12 channels. */
function tiny(rng: Rng, maps: Readonly<Record<string, string>>): IntermediateLayers {
  const stage = (from: number, to: number) =>
    new Sequential(
      new Conv2d(from, to, 3, { rng, stride: 2, padding: 1, bias: false }),
      new BatchNorm2d(to),
      new ReLU(),
    );
  return new IntermediateLayers(new Sequential(stage(3, 4), stage(4, 6), stage(6, 8), stage(8, 12)), maps);
}

/** The fixtures' models. */
export const models: Readonly<Record<string, (rng: Rng) => Model>> = {
  UNet: (rng) => new segmentation.UNet(3, 2, { rng, channels: 4, depth: 3 }),
  "UNet of odd sizes": (rng) => new segmentation.UNet(3, 2, { rng, channels: 4, depth: 2 }),
  "UNet, bilinear": (rng) => new segmentation.UNet(3, 2, { rng, channels: 4, depth: 3, bilinear: true }),
  "UNet, bilinear, of odd sizes": (rng) =>
    new segmentation.UNet(1, 3, { rng, channels: 4, depth: 2, bilinear: true }),
  LabmlUNet: (rng) => new segmentation.LabmlUNet(3, 2, { rng, channels: 4, depth: 3 }),
  "LabmlUNet of odd sizes": (rng) => new segmentation.LabmlUNet(1, 2, { rng, channels: 4, depth: 3 }),
  UNetPlusPlus: (rng) => new segmentation.UNetPlusPlus(3, 2, { rng, channels: 4, depth: 3 }),
  "UNetPlusPlus, deeply supervised, of odd sizes": (rng) =>
    new segmentation.UNetPlusPlus(3, 2, { rng, channels: 4, depth: 2, deepSupervision: true }),
  AttentionUNet: (rng) => new segmentation.AttentionUNet(3, 2, { rng, channels: 4, depth: 2 }),
  "AttentionUNet of odd sizes": (rng) => new segmentation.AttentionUNet(3, 2, { rng, channels: 4, depth: 2 }),
  Fcn: (rng) => new segmentation.Fcn(tiny(rng, { 3: "out", 2: "aux" }), 3, { rng }),
  "Fcn without an auxiliary head, of odd sizes": (rng) =>
    new segmentation.Fcn(tiny(rng, { 3: "out" }), 3, { rng }),
  "Fcn on a ResNet": (rng) => {
    const resnet = new ResNet(BasicBlock, [1, 1, 1, 1], { rng });
    return new segmentation.Fcn(new IntermediateLayers(resnet, { layer1: "aux", layer2: "out" }), 3, { rng });
  },
  DeepLabV3: (rng) =>
    new segmentation.DeepLabV3(tiny(rng, { 3: "out", 2: "aux" }), 3, { rng, atrousRates: [1, 2, 3] }),
  DeepLabV3Plus: (rng) =>
    new segmentation.DeepLabV3Plus(tiny(rng, { 1: "low", 3: "out" }), 3, {
      rng,
      atrousRates: [1, 2],
      channels: 16,
      lowChannels: 5,
    }),
  LrAspp: (rng) => new segmentation.LrAspp(tiny(rng, { 2: "low", 3: "high" }), 3, { rng, interChannels: 16 }),
  PspNet: (rng) =>
    new segmentation.PspNet(tiny(rng, { 2: "aux", 3: "out" }), 3, { rng, bins: [1, 2, 3], channels: 16 }),
  FpnSegmenter: (rng) =>
    new segmentation.FpnSegmenter(tiny(rng, { 1: "c2", 2: "c3", 3: "c4" }), 3, {
      rng,
      pyramidChannels: 10,
      channels: 8,
      groups: 4,
    }),
  Segformer: (rng) =>
    logitsAlone(
      new segmentation.Segformer(3, {
        rng,
        depths: [1, 2],
        hiddenSizes: [8, 12],
        numAttentionHeads: [1, 2],
        srRatios: [2, 1],
        patchSizes: [7, 3],
        strides: [4, 2],
        mlpRatios: [2, 3],
        decoderHiddenSize: 10,
        dropPathRate: 0,
        classifierDropoutProb: 0,
      }),
    ),
};

/** transformers' logits are a quarter of the images' size. */
function logitsAlone(model: segmentation.Segformer): Model {
  return Object.defineProperty(model, "forward", {
    value: (images: Tensor4D) => model.forwardLogits(images),
  }) as unknown as Model;
}

/** The logits of a model, then those of its auxiliary head. */
export const outputsOf = (y: Tensor4D | segmentation.SegmentationOutput): Tensor4D[] => {
  if (y instanceof Tensor) return [y];
  return y.aux === undefined ? [y.out] : [y.out, y.aux];
};
