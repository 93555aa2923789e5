// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { Module, Rng, withoutInit } from "@pellucid/core-train";
import * as exported from "@pellucid/generative";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const layer = { rng, bias: true, powerIterations: 1 };
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.Autoencoder, [4, 3, 2], { rng, activation: "relu", output: "none", activateCode: true }],
  [exported.StackedAutoencoder, [4, 3, 2], { rng, activation: "tanh" }],
  [exported.Vae, 4, { rng, hiddenFeatures: 3, latentFeatures: 2 }],
  [exported.ConditionalVae, 4, 3, { rng, hiddenFeatures: 3, latentFeatures: 2 }],
  [exported.GumbelVae, 4, { rng, hiddenFeatures: 3, variables: 2, classes: 3, tau: 0.5, hard: true }],
  [exported.VectorQuantizer, 4, 2, { rng, beta: 0.25 }],
  [exported.EmaVectorQuantizer, 4, 2, { rng, beta: 0.25, decay: 0.9, eps: 1e-5, reviveBelow: 0.1 }],
  [
    exported.VqVae,
    {
      rng,
      inChannels: 1,
      hiddenChannels: 4,
      residualChannels: 2,
      residualLayers: 1,
      numCodes: 4,
      codeFeatures: 2,
      beta: 0.25,
      decay: 0.9,
      reviveBelow: 0.1,
    },
  ],
  [exported.SpectralNormLinear, 4, 3, layer],
  [exported.SpectralNormConv2d, 4, 2, 3, { ...layer, stride: 1, padding: 1, dilation: 1, groups: 2 }],
  [
    exported.SpectralNormConvTranspose2d,
    4,
    2,
    3,
    { ...layer, stride: 2, padding: 1, outputPadding: 1, dilation: 1, groups: 2 },
  ],
  [exported.MlpGenerator, [2, 3, 4], { rng, output: "tanh" }],
  [exported.MlpDiscriminator, [4, 3, 1], { rng, negativeSlope: 0.2, spectralNorm: true }],
  [exported.DcganGenerator, { rng, imageSize: 8, imageChannels: 1, channels: 2, latentFeatures: 3 }],
  [exported.DcganDiscriminator, { rng, imageSize: 8, imageChannels: 1, channels: 2 }],
  [exported.ResnetGenerator, { rng, imageChannels: 1, channels: 2, blocks: 1 }],
  [exported.PatchDiscriminator, { rng, imageChannels: 1, channels: 2, layers: 1 }],
  [exported.StyleGenerator, { rng, latentFeatures: 2, channels: [3, 2], imageChannels: 1, mappingLayers: 1 }],
  [exported.StyleDiscriminator, { rng, channels: [2, 3], imageChannels: 1 }],
  [
    exported.Unet,
    4,
    {
      rng,
      dimMults: [1, 2],
      channels: 1,
      initDim: 6,
      outDim: 2,
      learnedVariance: true,
      contextChannels: 1,
      numClasses: 2,
      attnHeads: 1,
      attnDimHead: 2,
      fullAttn: [null, false],
      dropout: 0.1,
      theta: 100,
    },
  ],
  [
    exported.DiT,
    {
      rng,
      inputSize: 4,
      patchSize: 2,
      inChannels: 1,
      hiddenSize: 8,
      depth: 1,
      numHeads: 2,
      mlpRatio: 2,
      numClasses: 3,
      learnSigma: false,
    },
  ],
  [exported.ClassEmbedding, 3, 4, { rng }],
  [exported.MaskedConv2d, 2, 4, 3, { rng, mask: "A", groups: 2, bias: true }],
  [exported.PixelCnn, { rng, levels: 3, channels: 1, hiddenChannels: 4, depth: 1, kernelSize: 3 }],
  [exported.DiagonalScaling, 3],
  [exported.ActNorm, 3],
  [exported.InvertibleConv1x1, 3, { rng }],
  [exported.Made, 3, { rng, hiddenSizes: [4, 5], outputs: 2 }],
  [exported.MaskedAutoregressive, 3, { rng, hiddenSizes: [4, 5] }],
  [exported.SplineCoupling, [1, 0], { rng, hiddenSizes: [4], bins: 4, tailBound: 3 }],
  [exported.Glow, 1, { rng, levels: 1, steps: 1, hiddenChannels: 3 }],
  [exported.MlpField, 2, { rng, hiddenSizes: [4] }],
];

/** Those that are made by others, or of modules. */
const parts: readonly unknown[] = [
  exported.SpectralWeight,
  exported.GivenClass,
  exported.CycleGan,
  exported.GaussianDiffusion,
  exported.EdmDiffusion,
  exported.ConsistencyModel,
  exported.FlowMatching,
  exported.LatentDiffusion,
  exported.ScoreModel,
  exported.DiffusionWorld,
  exported.Flow,
  exported.AffineCoupling,
  exported.InverseOf,
  exported.ReverseFeatures,
  exported.ContinuousFlow,
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

test("every exported layer and model has a row", () => {
  const classes = Object.values<unknown>(exported).filter(
    (value) => typeof value === "function" && value.prototype instanceof Module && !parts.includes(value),
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
