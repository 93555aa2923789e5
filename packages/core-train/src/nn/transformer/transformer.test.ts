// torch.nn's layers from seed 0: initial weights, outputs, and the gradients at inputs and parameters, in 64 bits; with dropout's own draws.
import { useBackend } from "@pellucid/backends";
import {
  causalMask,
  gelu,
  type Layer,
  LayerNorm,
  Module,
  MultiheadAttention,
  type MultiheadAttentionOptions,
  type MultiheadMasks,
  type Rng,
  Transformer,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from "@pellucid/core-train";
import { checkLayerAgainstTorch, fixture, type TestedLayer, type TorchLayerCase } from "@pellucid/testing";
import {
  range,
  reshape,
  sin,
  type Tensor,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const { cases } = fixture<{ cases: TorchLayerCase[] }>(
  import.meta.url,
  "../../../fixtures/torch/transformer-layers.json",
);

type Sequences = readonly Tensor3D[];

/** Masked attention of one sequence, of one to another, or of one to the keys and values of two others. */
class Attention extends Module implements Layer<Sequences, Tensor3D> {
  readonly attention: MultiheadAttention;
  readonly masks: () => MultiheadMasks;

  constructor(options: MultiheadAttentionOptions, masks: () => MultiheadMasks) {
    super();
    this.attention = new MultiheadAttention(4, 2, options);
    this.masks = masks;
  }

  forward([query, key = query, value = key]: Sequences): Tensor3D {
    return this.attention.forward(query as Tensor3D, {
      key: key as Tensor3D,
      value: value as Tensor3D,
      ...this.masks(),
    });
  }
}

/** A layer, and how it runs. */
class Masked<M extends Module> extends Module implements Layer<Sequences, Tensor> {
  readonly inner: M;
  readonly run: (inner: M, x: Sequences) => Tensor;

  constructor(inner: M, run: (inner: M, x: Sequences) => Tensor) {
    super();
    this.inner = inner;
    this.run = run;
  }

  forward(x: Sequences): Tensor {
    return this.run(this.inner, x);
  }
}

const padded = (): Tensor2D =>
  tensor2d(
    [
      [0, 0, 0, 1, 1],
      [0, 0, 0, 0, 0],
    ],
    [2, 5],
    "bool",
  );
const future = (): Tensor2D =>
  tensor2d(
    Array.from({ length: 25 }, (_, i) => Number(i % 5 > Math.floor(i / 5))),
    [5, 5],
    "bool",
  );

const attention =
  (options: Omit<MultiheadAttentionOptions, "rng"> = {}, masks: () => MultiheadMasks = () => ({})) =>
  (rng: Rng): TestedLayer =>
    new Attention({ ...options, rng }, masks);

const encoderLayer = (rng: Rng, more = {}) =>
  new TransformerEncoderLayer(4, 2, { rng, dimFeedforward: 5, ...more });
const decoderLayer = (rng: Rng, more = {}) =>
  new TransformerDecoderLayer(4, 2, { rng, dimFeedforward: 5, ...more });
const first = { normFirst: true, activation: (x: Tensor3D) => gelu(x) };

type Encodes = { forward(x: Tensor3D, masks?: object): Tensor3D };
type Decodes = { forward(x: Tensor3D, memory: Tensor3D, masks?: object): Tensor3D };

const encodes = <M extends Module & Encodes>(inner: M, masks: () => object = () => ({})) =>
  new Masked(inner, (m, [x]) => m.forward(x as Tensor3D, masks()));
const decodes = <M extends Module & Decodes>(inner: M, masks: () => object = () => ({})) =>
  new Masked(inner, (m, [x, memory]) => m.forward(x as Tensor3D, memory as Tensor3D, masks()));

const makes: Readonly<Record<string, (rng: Rng) => TestedLayer>> = {
  attention: attention(),
  "attention, no bias": attention({ bias: false }),
  "attention, from one sequence to another": attention(),
  "attention, features of their own": attention({ kdim: 3, vdim: 7 }),
  "attention, padded": attention({}, () => ({ keyPaddingMask: padded() })),
  "attention, causal": attention({}, () => ({ attnMask: future() })),
  "attention, padded and causal": attention({}, () => ({ keyPaddingMask: padded(), isCausal: true })),
  "attention, biased per head": attention({}, () => ({
    attnMask: reshape(sin(range(0, 80)), [4, 4, 5]) as Tensor3D,
  })),
  "attention, learned and zero keys": attention({ addBiasKv: true, addZeroAttn: true }, () => ({
    isCausal: true,
    keyPaddingMask: padded(),
  })),
  "attention, dropping": attention({ dropout: 0.3 }),
  "encoder layer": (rng) => encodes(encoderLayer(rng)),
  "encoder layer, norm first": (rng) => encodes(encoderLayer(rng, first)),
  "encoder layer, no bias": (rng) => encodes(encoderLayer(rng, { bias: false, dropout: 0 })),
  "encoder layer, masked": (rng) =>
    encodes(encoderLayer(rng, { dropout: 0 }), () => ({ mask: causalMask(5), srcKeyPaddingMask: padded() })),
  "decoder layer": (rng) =>
    decodes(decoderLayer(rng), () => ({ tgtIsCausal: true, memoryKeyPaddingMask: padded() })),
  "decoder layer, norm first": (rng) => decodes(decoderLayer(rng, first)),
  encoder: (rng) => {
    const options = { rng, dimFeedforward: 5, normFirst: true, norm: new LayerNorm(4) };
    return encodes(new TransformerEncoder(4, 2, 2, options));
  },
  decoder: (rng) => decodes(new TransformerDecoder(4, 2, 2, { rng, dimFeedforward: 5 })),
  transformer: (rng) => {
    const options = { rng, dimFeedforward: 5, numEncoderLayers: 1, numDecoderLayers: 2 };
    const masks = () => ({
      tgtMask: causalMask(4),
      srcKeyPaddingMask: padded(),
      memoryKeyPaddingMask: padded(),
    });
    return decodes(new Transformer(4, 2, options), masks);
  },
};

test("each case has its layer", () => {
  expect(cases.map(({ title }) => title)).toEqual(Object.keys(makes));
});

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.for(cases)("$title: PyTorch's initial weights, outputs and gradients", (c) =>
    checkLayerAgainstTorch(c, makes[c.title] as (rng: Rng) => TestedLayer, (x) => x),
  );
});
