// Constructors of all layers with wrong sizes and options: typed errors, and no tensors left.
import * as core from "@pellucid/core-train";
import { Module, Rng } from "@pellucid/core-train";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { describe, expect, test } from "vitest";

const rng = new Rng(0);
const conv = { rng, stride: 1, padding: 1, dilation: 1, groups: 1, paddingMode: "reflect" };
const transposed = { rng, stride: 2, padding: 1, outputPadding: 1, dilation: 1, groups: 1 };
const norm = { eps: 1e-5, momentum: 0.1, affine: true, trackRunningStats: true };
const pool = { stride: 1, padding: 0 };
const recurrent = { rng, numLayers: 2, dropout: 0.5, bidirectional: true };
const transformer = { rng, dimFeedforward: 8, dropout: 0.1, layerNormEps: 1e-5 };

/** A backbone without parameters. */
class Body extends Module implements core.Backbone {
  readonly maps = [
    { name: "c2", channels: 2, stride: 4 },
    { name: "c3", channels: 3, stride: 8 },
  ];

  forward(): core.FeatureMaps {
    return {};
  }
}

/** Arguments with every size and option that is checked. Default: none. */
const argumentsOf: Readonly<Record<string, readonly unknown[]>> = {
  AdaptiveAvgPool1d: [2],
  AdaptiveAvgPool2d: [[2, 3]],
  AdaptiveAvgPool3d: [2],
  AdaptiveLogSoftmaxWithLoss: [8, 10, [2, 5], { rng, divValue: 2 }],
  AdaptiveMaxPool1d: [2],
  AdaptiveMaxPool2d: [[2, 3]],
  AdaptiveMaxPool3d: [2],
  AlphaDropout: [0.5, { rng }],
  AvgPool1d: [2, pool],
  AvgPool2d: [2, { ...pool, divisorOverride: 3 }],
  AvgPool3d: [2, { ...pool, divisorOverride: 3 }],
  BackboneWithFPN: [new Body(), 4, { rng, returnedMaps: ["c2", "c3"] }],
  BatchNorm1d: [2, norm],
  BatchNorm2d: [2, norm],
  BatchNorm3d: [2, norm],
  Bilinear: [3, 4, 2, { rng }],
  CELU: [{ alpha: 1 }],
  CausalConv1d: [2, 3, 2, { rng, dilation: 2 }],
  ChannelShuffle: [2],
  CircularPad1d: [1],
  CircularPad2d: [1],
  CircularPad3d: [1],
  ConstantPad1d: [1, 2],
  ConstantPad2d: [[1, 1, 2, 2], 2],
  ConstantPad3d: [1, 2],
  Conv1d: [2, 4, 3, conv],
  Conv2d: [2, 4, [3, 3], { ...conv, padding: "same" }],
  Conv3d: [2, 4, 3, conv],
  ConvTranspose1d: [2, 4, 3, transposed],
  ConvTranspose2d: [2, 4, 3, transposed],
  ConvTranspose3d: [2, 4, 3, transposed],
  CosineSimilarity: [{ axis: -1, eps: 1e-8 }],
  CrossMapLRN2d: [3, { alpha: 1e-4, beta: 0.75, k: 1 }],
  Dropout: [0.5, { rng }],
  Dropout1d: [0.5, { rng }],
  Dropout2d: [0.5, { rng }],
  Dropout3d: [0.5, { rng }],
  ELU: [{ alpha: 1 }],
  Embedding: [5, 3, { rng, paddingIdx: 1, maxNorm: 1, normType: 2 }],
  EmbeddingBag: [5, 3, { rng, mode: "sum", paddingIdx: 1 }],
  FeatureAlphaDropout: [0.5, { rng }],
  Fold: [[4, 4], 2, { ...pool, dilation: 1 }],
  FractionalMaxPool2d: [2, { rng, outputSize: 2 }],
  FractionalMaxPool3d: [2, { rng, outputSize: 2 }],
  FeaturePyramidNetwork: [[2, 3], 4, { rng }],
  FrozenBatchNorm2d: [2, { eps: 1e-5 }],
  GELU: [{ approximate: "tanh" }],
  GLU: [-1],
  GRU: [3, 4, recurrent],
  GRUCell: [3, 4, { rng }],
  GroupNorm: [2, 4, { eps: 1e-5 }],
  Hardshrink: [{ lambd: 0.5 }],
  Hardtanh: [{ minVal: -1, maxVal: 1 }],
  InstanceNorm1d: [2, norm],
  InstanceNorm2d: [2, norm],
  InstanceNorm3d: [2, norm],
  LPPool1d: [2, 2, { stride: 1 }],
  LPPool2d: [2, 2, { stride: 1 }],
  LPPool3d: [2, 2, { stride: 1 }],
  LSTM: [3, 4, { ...recurrent, projSize: 2 }],
  LSTMCell: [3, 4, { rng }],
  LastLevelP6P7: [3, 2, { rng }],
  LayerNorm: [[2, 3], { eps: 1e-5 }],
  LeakyReLU: [{ negativeSlope: 0.01 }],
  LearnedPositions: [4, 3, { rng }],
  Linear: [4, 2, { rng }],
  LocalResponseNorm: [3, { alpha: 1e-4, beta: 0.75, k: 1 }],
  LogSoftmax: [-1],
  MaxPool1d: [2, { ...pool, dilation: 1 }],
  MaxPool2d: [2, { ...pool, dilation: 1 }],
  MaxPool3d: [2, { ...pool, dilation: 1 }],
  MaxUnpool1d: [2, pool],
  MaxUnpool2d: [2, pool],
  MaxUnpool3d: [2, pool],
  MultiheadAttention: [4, 2, { rng, dropout: 0.1, kdim: 3, vdim: 5, addBiasKv: true }],
  PReLU: [2, { init: 0.25 }],
  PairwiseDistance: [{ p: 2, eps: 1e-6 }],
  PixelShuffle: [2],
  PixelUnshuffle: [2],
  RMSNorm: [3, { eps: 1e-5 }],
  RNN: [3, 4, { ...recurrent, nonlinearity: "relu" }],
  RNNCell: [3, 4, { rng, nonlinearity: "relu" }],
  RReLU: [{ rng, lower: 0.1, upper: 0.3 }],
  ReflectionPad1d: [1],
  ReflectionPad2d: [1],
  ReflectionPad3d: [1],
  ReplicationPad1d: [1],
  ReplicationPad2d: [1],
  ReplicationPad3d: [1],
  SinusoidalPositions: [4, { rng, maxLen: 5, dropout: 0.1 }],
  Softmax: [-1],
  Softmin: [-1],
  Softplus: [{ beta: 1, threshold: 20 }],
  Softshrink: [{ lambd: 0.5 }],
  SqueezeExcitation: [4, 2, { rng }],
  StochasticDepth: [0.5, { rng }],
  Threshold: [0, 1],
  Transformer: [4, 2, { ...transformer, numEncoderLayers: 1, numDecoderLayers: 1 }],
  TransformerDecoder: [4, 2, 1, transformer],
  TransformerDecoderLayer: [4, 2, transformer],
  TransformerEncoder: [4, 2, 1, transformer],
  TransformerEncoderLayer: [4, 2, transformer],
  Unflatten: [[2, 3]],
  Unfold: [2, { ...pool, dilation: 1 }],
  Upsample: [{ scaleFactor: 2, mode: "nearest" }],
  UpsamplingBilinear2d: [{ scaleFactor: 2 }],
  UpsamplingNearest2d: [{ scaleFactor: 2 }],
  ZeroPad1d: [1],
  ZeroPad2d: [1],
  ZeroPad3d: [1],
};

const containers = ["Module", "Sequential", "AveragedModel", "IntermediateLayers"];
const classes: [name: string, create: ModuleClass][] = [];
for (const [name, value] of Object.entries({ ...core, init: undefined }))
  if (typeof value === "function" && value.prototype instanceof Module && !containers.includes(name))
    classes.push([name, value as unknown as ModuleClass]);

test("every row is of an exported layer", () => {
  const names = classes.map(([name]) => name);
  expect(Object.keys(argumentsOf).filter((name) => !names.includes(name))).toEqual([]);
});

test.each(classes)("%s: wrong options are typed errors, and leak no tensors", (name, create) => {
  checkConstructor(create, argumentsOf[name] ?? []);
});

describe("an option that a layer does not have", () => {
  const refused: [title: string, create: () => unknown, message: string][] = [
    [
      "no options",
      () => Reflect.construct(core.Linear, [4, 2]),
      "Linear: options is undefined, expected options { rng }, such as { rng: new Rng(0) }.",
    ],
    [
      "no generator",
      () => Reflect.construct(core.Dropout, [0.5, {}]),
      "Dropout: rng is undefined, expected a random generator, such as new Rng(0).",
    ],
    [
      "a size as text",
      () => Reflect.construct(core.Linear, ["4", 2, { rng }]),
      'Linear: inFeatures is "4", expected an integer above 0.',
    ],
    [
      "a negative eps",
      () => new core.BatchNorm2d(2, { eps: -1 }),
      "BatchNorm2d: eps is -1, expected a number of 0 or more.",
    ],
    [
      "an eps of NaN",
      () => new core.LayerNorm(2, { eps: Number.NaN }),
      "LayerNorm: eps is NaN, expected a number of 0 or more.",
    ],
    [
      "an unknown padding mode",
      () => Reflect.construct(core.Conv2d, [1, 2, 3, { rng, paddingMode: "bogus" }]),
      'Conv2d: paddingMode is "bogus", expected "zeros", "reflect", "replicate" or "circular".',
    ],
    [
      "a misspelt padding",
      () => Reflect.construct(core.Conv2d, [1, 2, 3, { rng, padding: "smae" }]),
      'Conv2d: padding is "smae", expected "same" or "valid".',
    ],
    [
      "an unknown approximation",
      () => Reflect.construct(core.GELU, [{ approximate: "bogus" }]),
      'GELU: approximate is "bogus", expected "none" or "tanh".',
    ],
    [
      "a dropout above 1 deep in a layer",
      () => new core.TransformerDecoderLayer(8, 2, { rng, dropout: 2 }),
      "TransformerDecoderLayer: dropout is 2, expected a probability, 0 to 1.",
    ],
    [
      "a negative size of keys",
      () => new core.MultiheadAttention(4, 2, { rng, kdim: -1 }),
      "MultiheadAttention: kdim is -1, expected an integer above 0.",
    ],
  ];
  test.each(refused)("%s", (_, create, message) => {
    expect(create).toThrow(core.OptionError);
    expect(create).toThrow(message);
  });
});
