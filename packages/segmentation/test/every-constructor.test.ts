// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { type Backbone, Module, Rng, withoutInit } from "@pellucid/core-train";
import * as core from "@pellucid/core-train";
import * as exported from "@pellucid/segmentation";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const maps = [
  { name: "low", channels: 4, stride: 4 },
  { name: "aux", channels: 8, stride: 8 },
  { name: "out", channels: 16, stride: 16 },
];
const backbone: Backbone = { maps, forward: () => ({}) };
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.UNet, 1, 2, { rng, bilinear: true, channels: 2, depth: 2 }],
  [exported.UNetUp, 4, 2, { rng, bilinear: false }],
  [exported.DoubleConv, 1, 2, { rng, midChannels: 3 }],
  [exported.LabmlUNet, 1, 2, { rng, channels: 2, depth: 2 }],
  [exported.UNetPlusPlus, 1, 2, { rng, channels: 2, depth: 2, deepSupervision: true }],
  [exported.AttentionUNet, 1, 2, { rng, channels: 2, depth: 2 }],
  [exported.AttentionGate, 2, 2, 1, { rng }],
  [exported.Fcn, backbone, 2, { rng, outMap: "out", auxMap: "aux" }],
  [exported.FcnHead, 8, 2, { rng }],
  [exported.Aspp, 4, 2, { rng, atrousRates: [1, 2], dropout: 0.5 }],
  [exported.AsppPooling, 4, 2, { rng }],
  [exported.DeepLabHead, 4, 2, { rng, atrousRates: [1], dropout: 0.5, channels: 4 }],
  [exported.DeepLabV3, backbone, 2, { rng, atrousRates: [1], channels: 4, dropout: 0.5 }],
  [exported.DeepLabV3Plus, backbone, 2, { rng, atrousRates: [1], channels: 4, lowChannels: 2, dropout: 0.5 }],
  [exported.LrAspp, backbone, 2, { rng, interChannels: 4 }],
  [exported.PspNet, backbone, 2, { rng, bins: [1, 2], channels: 4, dropout: 0.1 }],
  [exported.PyramidPooling, 4, [1, 2], { rng }],
  [
    exported.FpnSegmenter,
    backbone,
    2,
    { rng, pyramidChannels: 4, channels: 4, groups: 2, inMaps: ["low", "out"] },
  ],
  [
    exported.Segformer,
    2,
    {
      rng,
      numChannels: 1,
      depths: [1],
      hiddenSizes: [4],
      numAttentionHeads: [2],
      srRatios: [2],
      patchSizes: [3],
      strides: [2],
      mlpRatios: [2],
      decoderHiddenSize: 4,
      hiddenDropoutProb: 0.1,
      attentionProbsDropoutProb: 0.1,
      classifierDropoutProb: 0.1,
      dropPathRate: 0.1,
      initializerRange: 0.02,
    },
  ],
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
      value !== exported.OnBackbone,
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
