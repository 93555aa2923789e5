// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { Module, Rng, withoutInit } from "@pellucid/core-train";
import * as core from "@pellucid/core-train";
import * as exported from "@pellucid/transformer";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const gpt = {
  rng,
  vocabSize: 5,
  blockSize: 4,
  nLayer: 1,
  nHead: 2,
  nEmbd: 4,
  dropout: 0.1,
  approximate: "none",
  nInner: 6,
  layerNormEpsilon: 1e-6,
};
const block = { rng, dropout: 0.1, bias: true, approximate: "none" };
const llama = {
  rng,
  vocabSize: 5,
  hiddenSize: 4,
  intermediateSize: 6,
  numHiddenLayers: 1,
  numAttentionHeads: 2,
  numKeyValueHeads: 1,
  maxPositionEmbeddings: 8,
  ropeTheta: 100,
  rmsNormEps: 1e-6,
  headDim: 2,
  tieWordEmbeddings: true,
  attentionBias: "qkv",
  mlpBias: true,
  qkNorm: true,
  slidingWindow: 3,
  ropeScaling: { type: "yarn", factor: 2, originalMaxPositionEmbeddings: 4 },
};
const neox = {
  rng,
  vocabSize: 5,
  hiddenSize: 4,
  intermediateSize: 6,
  numHiddenLayers: 1,
  numAttentionHeads: 1,
  maxPositionEmbeddings: 8,
  partialRotaryFactor: 0.5,
  ropeTheta: 100,
  ropeScaling: { type: "linear", factor: 2 },
  layerNormEps: 1e-6,
  useParallelResidual: false,
  attentionBias: true,
};
const {
  attentionBias: _,
  mlpBias: __,
  qkNorm: ___,
  ...phi
} = {
  ...llama,
  ropeScaling: {
    type: "longrope",
    factor: 2,
    originalMaxPositionEmbeddings: 4,
    shortFactor: [1],
    longFactor: [2],
  },
};
const { tieWordEmbeddings: ____, ...classifier } = { ...llama, norm: "layer", numLabels: 3, padTokenId: 0 };
const bert = {
  rng,
  vocabSize: 5,
  hiddenSize: 4,
  numHiddenLayers: 1,
  numAttentionHeads: 2,
  intermediateSize: 6,
  maxPositionEmbeddings: 8,
  typeVocabSize: 2,
  hiddenDropoutProb: 0.1,
  attentionProbsDropoutProb: 0.1,
  layerNormEps: 1e-6,
  padTokenId: 0,
};
const vit = {
  rng,
  imageSize: 8,
  patchSize: 4,
  numLayers: 1,
  numHeads: 2,
  hiddenDim: 4,
  mlpDim: 6,
  numClasses: 3,
  inChannels: 1,
  dropout: 0.1,
  attentionDropout: 0.1,
};
const distilBert = {
  rng,
  vocabSize: 5,
  dim: 4,
  nLayers: 1,
  nHeads: 2,
  hiddenDim: 6,
  maxPositionEmbeddings: 8,
  dropout: 0.1,
  attentionDropout: 0.1,
  padTokenId: 0,
};
const hubVit = {
  rng,
  imageSize: 8,
  patchSize: 4,
  numChannels: 1,
  hiddenSize: 4,
  numHiddenLayers: 1,
  numAttentionHeads: 2,
  intermediateSize: 6,
  numLabels: 3,
  qkvBias: true,
  layerNormEps: 1e-6,
  hiddenDropoutProb: 0.1,
  attentionProbsDropoutProb: 0.1,
};
const t5 = {
  rng,
  vocabSize: 5,
  dModel: 4,
  dKv: 2,
  dFf: 6,
  numLayers: 1,
  numDecoderLayers: 1,
  numHeads: 2,
  relativeAttentionNumBuckets: 8,
  relativeAttentionMaxDistance: 16,
  dropoutRate: 0.1,
  layerNormEpsilon: 1e-6,
  feedForwardProj: "gated-gelu",
  tieWordEmbeddings: false,
  scaleDecoderOutputs: true,
};
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.Gpt, gpt],
  [exported.GptBody, 5, 4, gpt],
  [exported.GptBlock, 4, 2, block],
  [exported.CausalSelfAttention, 4, 2, block],
  [exported.Llama, llama],
  [exported.LlamaBody, llama],
  [exported.LlamaBlock, llama],
  [exported.GroupedQueryAttention, 4, 2, { rng, numKeyValueHeads: 1, headDim: 2, ropeTheta: 100 }],
  [exported.LlamaForSequenceClassification, classifier],
  [exported.GptForSequenceClassification, { ...gpt, numLabels: 3, padTokenId: 0 }],
  [exported.Phi3, phi],
  [exported.Phi3Block, phi],
  [exported.Phi3Attention, 4, 2, { rng, numKeyValueHeads: 1, headDim: 2, ropeTheta: 100 }],
  [exported.GptNeoX, neox],
  [exported.GptNeoXBlock, neox],
  [exported.GptNeoXAttention, 4, 1, { rng, partialRotaryFactor: 0.5, attentionBias: false }],
  [exported.BertForSequenceClassification, { ...bert, numLabels: 3, classifierDropout: 0.1 }],
  [exported.PooledBert, bert],
  [exported.DistilBertForSequenceClassification, { ...distilBert, numLabels: 3, seqClassifDropout: 0.2 }],
  [exported.BertForMaskedLm, bert],
  [exported.Bert, bert],
  [exported.BertLayer, bert],
  [exported.BertSelfAttention, bert],
  [exported.Conv1dLinear, 3, 4, { rng, bias: true }],
  [exported.VisionTransformer, vit],
  [exported.VitBlock, vit],
  [exported.DistilBertForMaskedLm, distilBert],
  [exported.Vit, hubVit],
  [exported.VitForImageClassification, hubVit],
  [exported.VitLayer, hubVit],
  [exported.T5, t5],
  [exported.T5Block, { ...t5, isDecoder: true, isFirst: true }],
  [exported.T5Attention, { ...t5, hasRelativeAttentionBias: true, bidirectional: true }],
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

test("every exported layer and model has a row", () => {
  const classes = Object.values<unknown>(exported).filter(
    (value) => typeof value === "function" && value.prototype instanceof Module && !(value.name in core),
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
