// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { Module, Rng, withoutInit } from "@pellucid/core-train";
import * as mamba from "@pellucid/mamba";
import * as recurrences from "@pellucid/mamba/recurrences";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const exported = { ...mamba, ...recurrences };
const rng = new Rng(0);
const step = { dtMin: 0.001, dtMax: 0.1, dtInitFloor: 1e-4 };
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [mamba.Mamba, 4, { rng, dState: 3, dConv: 2, expand: 2, dtRank: 2, ...step }],
  [
    mamba.Mamba2,
    4,
    {
      rng,
      dState: 3,
      dConv: 2,
      expand: 2,
      headDim: 2,
      nGroups: 2,
      normGroups: 1,
      aInitRange: [1, 16],
      dtLimit: [0, 5],
      chunkSize: 4,
      ...step,
    },
  ],
  [mamba.GatedRMSNorm, 4, 2, { eps: 1e-6 }],
  [
    mamba.Mamba3,
    4,
    {
      rng,
      dState: 4,
      expand: 2,
      headDim: 2,
      nGroups: 2,
      ropeFraction: 0.5,
      aFloor: 1e-4,
      chunkSize: 4,
      ...step,
    },
  ],
  [mamba.S4d, 4, { rng, dState: 4, dropout: 0.1, dtMin: 0.001, dtMax: 0.1 }],
  [mamba.S4dKernel, 4, 2, rng, 0.001, 0.1],
  [
    recurrences.TttLinear,
    8,
    { rng, numHeads: 2, miniBatchSize: 4, baseLr: 1, useGate: true, ropeTheta: 100 },
  ],
  [recurrences.TttMlp, 8, { rng, numHeads: 2, miniBatchSize: 4, baseLr: 0.1, useGate: true, ropeTheta: 100 }],
  [
    recurrences.GatedDeltaNet,
    8,
    { rng, numKHeads: 2, numVHeads: 4, headKDim: 2, headVDim: 3, dConv: 2, eps: 1e-6, chunkSize: 4 },
  ],
  [
    recurrences.DeltaNet,
    8,
    {
      rng,
      numHeads: 2,
      expandK: 0.5,
      expandV: 1,
      convSize: 2,
      useGate: true,
      allowNegEigval: true,
      normEps: 1e-5,
      chunkSize: 4,
    },
  ],
  [
    recurrences.Gla,
    8,
    {
      rng,
      numHeads: 2,
      expandK: 0.5,
      expandV: 1,
      gateLowRankDim: 2,
      gateLogitNormalizer: 16,
      normEps: 1e-5,
      chunkSize: 4,
    },
  ],
  [
    recurrences.MLstm,
    8,
    { rng, numHeads: 2, qkDimFactor: 0.5, vDimFactor: 1, gateSoftCap: 15, normEps: 1e-6, chunkSize: 4 },
  ],
  [recurrences.SLstm, 8, { rng, numHeads: 2, conv1dKernelSize: 2, normEps: 1e-5, depth: 1 }],
  [recurrences.MinGru, 3, 4, { rng }],
  [recurrences.MinLstm, 3, 4, { rng }],
  [recurrences.RwkvTimeMix, 4, { rng, layer: 1, layers: 2 }],
  [recurrences.RwkvChannelMix, 4, { rng, layer: 1, layers: 2, hiddenSize: 8 }],
  [
    recurrences.Rwkv,
    {
      rng,
      vocabSize: 5,
      hiddenSize: 4,
      numHiddenLayers: 2,
      intermediateSize: 8,
      layerNormEpsilon: 1e-5,
    },
  ],
  [
    mamba.MambaLm,
    {
      rng,
      vocabSize: 5,
      dModel: 4,
      nLayer: 1,
      padVocabSizeMultiple: 8,
      normEps: 1e-6,
      names: "transformers",
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
      value !== mamba.MambaBlock &&
      value !== recurrences.Ttt,
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
