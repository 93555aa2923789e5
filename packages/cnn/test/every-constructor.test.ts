// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { Module, Rng, withoutInit } from "@pellucid/core-train";
import * as core from "@pellucid/core-train";
import * as exported from "@pellucid/cnn";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const classifier = { rng, numClasses: 2, inChannels: 1, dropout: 0.1 };
const block = { rng, stride: 1, dilation: 1, groups: 1, widthPerGroup: 64 };
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.DigitsCnn, { rng }],
  [exported.SimpleNet, { rng }],
  [exported.SimpleCnn, { rng }],
  [exported.MnistMlp, { rng }],
  [exported.MnistCnn, { rng }],
  [exported.InceptionA, 4, { rng }],
  [exported.MnistInception, { rng }],
  [exported.MnistResNet, { rng }],
  [exported.ResidualBlock, 4, { rng }],
  [exported.ConvNet, { rng }],
  [exported.AlexNet, classifier],
  [exported.Vgg, "A", true, classifier],
  [exported.GoogLeNet, { ...classifier, dropoutAux: 0.5 }],
  [exported.BasicBlock, 4, 8, block],
  [exported.Bottleneck, 4, 8, block],
  [exported.ResNet, exported.Bottleneck, [1, 1, 1, 1], { ...classifier, groups: 1, widthPerGroup: 64 }],
  [exported.SqueezeNet, "1.1", classifier],
  [exported.MobileNetV1, { ...classifier, widthMult: 0.5 }],
  [exported.MobileNetV2, { ...classifier, widthMult: 0.5 }],
  [exported.MobileNetV3, "small", { ...classifier, widthMult: 0.5 }],
  [
    exported.EfficientNet,
    { width: 0.5, depth: 0.5, resolution: 224, dropout: 0.2 },
    { ...classifier, stochasticDepthProb: 0.2 },
  ],
  [
    exported.DenseNet,
    [1, 1],
    { rng, numClasses: 2, inChannels: 1, growthRate: 4, numInitFeatures: 4, bnSize: 2, dropRate: 0.1 },
  ],
  [
    exported.ConvNeXt,
    [
      [4, 1],
      [8, 1],
    ],
    { rng, numClasses: 2, inChannels: 1, layerScale: 1e-6, stochasticDepthProb: 0.1 },
  ],
  [exported.ShuffleNetV2, [1, 1, 1], [4, 8, 8, 8, 8], { rng, numClasses: 2, inChannels: 1 }],
  [
    exported.RegNet,
    { depth: 4, initialWidth: 8, widthIncrement: 8, widthFactor: 2, groupWidth: 8 },
    { rng, numClasses: 2, inChannels: 1, stemWidth: 8 },
  ],
  [exported.InceptionV3, classifier],
  [
    exported.SwinTransformer,
    { embedDim: 4, depths: [1, 1], numHeads: [1, 2], windowSize: 2, version: 1 },
    { ...classifier, patchSize: 2, mlpRatio: 2, attentionDropout: 0.1, stochasticDepthProb: 0.1 },
  ],
  [
    exported.ShiftedWindowAttention,
    4,
    [2, 2],
    2,
    { rng, shiftSize: [1, 1], attentionDropout: 0.1, dropout: 0.1 },
  ],
  [
    exported.ShiftedWindowAttentionV2,
    4,
    [2, 2],
    2,
    { rng, shiftSize: [1, 1], attentionDropout: 0.1, dropout: 0.1 },
  ],
  [exported.TemporalBlock, 2, 3, 2, 2, { rng, dropout: 0.1 }],
  [exported.TemporalConvNet, 2, [3, 4], { rng, kernelSize: 2, dropout: 0.1 }],
  [exported.WeightNormConv1d, 2, 3, 2, { rng, dilation: 2 }],
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

test("every exported layer and model has a row", () => {
  const classes = Object.values<unknown>(exported).filter(
    (value) =>
      typeof value === "function" &&
      value.prototype instanceof Module &&
      !(value.name in core) &&
      value !== exported.FeaturesOnly,
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
