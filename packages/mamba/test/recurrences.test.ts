// Linear recurrences against their definitions a time step at a time: transformers' classes, and twins in PyTorch.
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  crossEntropy,
  generate,
  type HostTensor,
  loadWeights,
  type Module,
  normalizeVectors,
  Optimizer,
  type Parameter,
  Rng,
  type SequenceLayer,
  torchStateOf,
  trainable,
  trainStep,
  valueAndGradients,
} from "@pellucid/core-train";
import { MambaLm } from "@pellucid/mamba";
import {
  DeltaNet,
  GatedDeltaNet,
  gatedDeltaRule,
  gatedLinearAttention,
  Gla,
  MinGru,
  MinLstm,
  MLstm,
  mlstmScan,
  Rwkv,
  SLstm,
  slstmStep,
} from "@pellucid/mamba/recurrences";
import { fixture, sines } from "@pellucid/testing";
import {
  concat,
  dispose,
  memory,
  mul,
  ones,
  type Rank,
  reshape,
  slice,
  sum,
  type Tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  type Tensor3D,
  tensor4d,
  type Tensor4D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Case {
  readonly title: string;
  readonly entries: string[];
  readonly output: { readonly f64: number[]; readonly error: number };
  /** Of each parameter the sum of its gradient times sines, in 32 and 64 bits. */
  readonly gradients: Readonly<Record<string, readonly [f32: number, f64: number]>>;
  /** Of each entry of the state the sum of its numbers times sines. */
  readonly checks: Readonly<Record<string, number>>;
}
const cases = fixture<Case[]>(import.meta.url, "../fixtures/torch/recurrences.json");

type Layer = Module & SequenceLayer<Tensor, Tensor, unknown> & { forward(x: Tensor): Tensor };
type Make = (rng: Rng) => Module;

const makes: Readonly<Record<string, readonly [make: Make, size: number | null]>> = {
  "delta net": [(rng) => new DeltaNet(8, { rng, numHeads: 2, chunkSize: 5 }), 8],
  "delta net, gated, negative": [
    (rng) => new DeltaNet(8, { rng, numHeads: 2, useGate: true, allowNegEigval: true, chunkSize: 16 }),
    8,
  ],
  gla: [(rng) => new Gla(8, { rng, numHeads: 2, gateLowRankDim: 3, chunkSize: 6 }), 8],
  "min gru": [(rng) => new MinGru(5, 7, { rng }), 5],
  "min lstm": [(rng) => new MinLstm(5, 7, { rng }), 5],
  "gated delta net": [
    (rng) => new GatedDeltaNet(12, { rng, numKHeads: 2, headKDim: 4, headVDim: 6, dConv: 3, chunkSize: 8 }),
    12,
  ],
  "gated delta net, shared keys": [
    (rng) => new GatedDeltaNet(12, { rng, numKHeads: 2, numVHeads: 4, headKDim: 4, headVDim: 6, dConv: 3 }),
    12,
  ],
  mlstm: [(rng) => new MLstm(16, { rng, numHeads: 2, chunkSize: 9 }), 16],
  slstm: [(rng) => new SLstm(8, { rng, numHeads: 2 }), 8],
  "slstm, deep": [(rng) => new SLstm(12, { rng, numHeads: 3, depth: 0.5 }), 12],
  rwkv: [
    (rng) => new Rwkv({ rng, vocabSize: 13, hiddenSize: 8, numHiddenLayers: 3, intermediateSize: 20 }),
    null,
  ],
};

const values = (shape: readonly number[], phase = 0): number[] =>
  Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.fround(Math.sin(1.7 * i + phase)));

/** The fixture's changes of the weights that PyTorch starts at. */
async function fill(model: Module, title: string): Promise<void> {
  const changes = Object.entries(await torchStateOf(model)).flatMap(
    ([name, { shape }], i): [string, HostTensor][] => {
      const change = (f: (x: number) => number, phase = 0): [string, HostTensor][] => [
        [name, { data: Float32Array.from(values(shape, phase), f), shape }],
      ];
      if (title === "rwkv" && (shape.length === 2 || name.endsWith("time_first")))
        return change((x) => (shape.length === 2 ? 0.5 * x : x), i);
      if (/(norm|_gate)\.weight$/.test(name)) return change((x) => 1 + 0.2 * x);
      return /gate_preact.bias|recurrent_kernel/.test(name) ? change((x) => x) : [];
    },
  );
  if (changes.length > 0) loadWeights(model, Object.fromEntries(changes), { strict: false });
}

const weighted = (numbers: ArrayLike<number>): number => {
  const waves = values([numbers.length]);
  return Array.from(numbers).reduce((total, x, i) => total + x * (waves[i] as number), 0);
};

const input = (size: number | null): Tensor =>
  size === null
    ? tensor2d(
        Int32Array.from({ length: 42 }, (_, i) => (i * 7) % 13),
        [2, 21],
        "int32",
      )
    : sines([2, 21, size]);

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test.for(cases)("$title: initial weights, outputs and gradients", async ({ title, ...wanted }) => {
    const [make, size] = makes[title] as readonly [Make, number | null];
    const before = memory().numTensors;
    const model = make(new Rng(0)) as Layer;
    await fill(model, title);
    const state = await torchStateOf(model);
    expect(Object.keys(state)).toEqual(wanted.entries);
    for (const [name, check] of Object.entries(wanted.checks))
      expect([weighted(state[name]?.data ?? [])], name).toBeAllclose([check], { rtol: 1e-5, atol: 1e-5 });
    const x = input(size);
    const y = model.forward(x);
    // four times PyTorch's own error; exponentials and other orders of sums
    expect(y).toBeAllclose(wanted.output.f64, { rtol: 0, atol: Math.max(4 * wanted.output.error, 1e-6) });
    const waves = sines(y.shape, 0.5);
    const { value, gradients } = valueAndGradients(trainable(model), () => sum(mul(model.forward(x), waves)));
    for (const [path, parameter] of model.namedParameters())
      parameter.assign((gradients[path] ?? zerosLike(parameter)) as Tensor as Parameter);
    const stored = await torchStateOf(model);
    const exact = Object.values(wanted.gradients);
    const largest = Math.max(...exact.map(([, g]) => Math.abs(g)));
    const theirs = Math.max(...exact.map(([rough, g]) => Math.abs(rough - g)));
    for (const [name, [, g]] of Object.entries(wanted.gradients))
      expect([weighted(stored[name]?.data ?? [])], name).toBeAllclose([g], {
        rtol: 0,
        atol: Math.max(8 * theirs, 2e-6 * largest), // transformers' rule computes in 32 bits in both runs
      });
    dispose([x, y, waves, value, ...Object.values(gradients)]);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test.each(Object.keys(makes))("%s: steps of any lengths give the outputs of the whole", (title) => {
    const [make, size] = makes[title] as readonly [Make, number | null];
    const model = make(new Rng(1)) as Layer;
    expect(() =>
      tidy(() => {
        const x = input(size);
        const whole = model.forward(x);
        let state = model.initialState(2);
        let from = 0;
        const parts = [1, 7, 1, 2, 10].map((count) => {
          const begin = x.shape.map((_, axis) => (axis === 1 ? from : 0));
          const sizes = x.shape.map((n, axis) => (axis === 1 ? count : n));
          from += count;
          const step = model.step(slice(x, begin, sizes), state);
          state = step.state;
          return step.output as Tensor3D;
        });
        expect(concat(parts, 1)).toBeAllclose(whole.dataSync(), { rtol: 1e-5, atol: 3e-6 });
      }),
    ).toLeakNothing();
    model.dispose();
  });

  test.each([1, 3, 16, 64])(
    "chunks of %i give the numbers of a recurrence, also where all keys are one",
    (chunkSize) => {
      tidy(() => {
        const [batch, heads, time] = [1, 2, 70];
        const same = normalizeVectors(ones<Rank.R4>([batch, heads, time, 4]));
        const base = {
          query: sines([batch, heads, time, 4]) as Tensor4D,
          value: sines([batch, heads, time, 3]) as Tensor4D,
        };
        const full = ones<Rank.R3>([batch, heads, time]);
        const delta = { ...base, key: same, beta: full, a: zerosLike(full) };
        // each time step replaces the value of the one key, so the output is `qᵀ k v` of the same time step
        const wanted = mul(sum(mul(base.query, same), 3, true), base.value).dataSync();
        expect(gatedDeltaRule(delta, { chunkSize }).output).toBeAllclose(wanted, { rtol: 0, atol: 2e-5 });
        const strong = { ...base, key: same, a: mul<Tensor4D>(ones<Rank.R4>([batch, heads, time, 4]), -60) };
        // everything before is forgotten
        expect(gatedLinearAttention(strong, { chunkSize }).output).toBeAllclose(wanted, {
          rtol: 0,
          atol: 1e-5,
        });
        const gates = {
          inputGate: mul<Tensor3D>(full, 80),
          forgetGate: mul<Tensor3D>(full, -80),
        };
        const sharp = mlstmScan({ ...base, key: same, ...gates }, { chunkSize }).output;
        expect(Array.from(sharp.dataSync()).every(Number.isFinite)).toBe(true);
      });
    },
  );

  test("a step of the sLSTM, solved by hand, and with logits whose exponentials overflow", () => {
    tidy(() => {
      const one = (value: number) => tensor3d([[[value]]]);
      const logits = (i: number, f: number, z: number, o: number) => tensor4d([[[[i], [f], [z], [o]]]]);
      const before = { y: one(0), c: one(0.5), n: one(2), m: one(0) };
      // f = ½, i = 3, tanh z = ½, o = ½: c = ½ · ½ + 3 · ½ = 1.75, n = ½ · 2 + 3 = 4, y = ½ · 1.75 / 4
      const after = slstmStep(logits(Math.log(3), 0, Math.atanh(0.5), 0), before);
      expect(after.y).toBeAllclose([0.21875], { rtol: 1e-6, atol: 0 });
      const scale = Math.exp(after.m.dataSync()[0] ?? NaN);
      expect(mul(after.c, scale)).toBeAllclose([1.75], { rtol: 1e-6, atol: 0 });
      expect(mul(after.n, scale)).toBeAllclose([4], { rtol: 1e-6, atol: 0 });
      // the input gate alone counts, so that y = o tanh z
      const sharp = slstmStep(logits(200, 0, Math.atanh(0.5), 0), before);
      expect(sharp.y).toBeAllclose([0.25], { rtol: 1e-6, atol: 0 });
      // written to nothing, however small the gate: the same
      const nothing = { y: one(0), c: one(0), n: one(0), m: one(-1e30) };
      expect(slstmStep(logits(-200, 3, Math.atanh(0.5), 0), nothing).y).toBeAllclose([0.25], {
        rtol: 1e-6,
        atol: 0,
      });
    });
  });

  test.each(["delta", "gated delta", "gla", "mlstm", "slstm", "rwkv"] as const)(
    "a language model of %s layers learns to count and continues from its state",
    async (kind) => {
      const rng = new Rng(0);
      const mixers = {
        delta: () => new DeltaNet(16, { rng, numHeads: 2 }),
        "gated delta": () => new GatedDeltaNet(16, { rng, numKHeads: 2 }),
        gla: () => new Gla(16, { rng, numHeads: 2 }),
        mlstm: () => new MLstm(16, { rng, numHeads: 2 }),
        slstm: () => new SLstm(16, { rng, numHeads: 2 }),
      };
      const model =
        kind === "rwkv"
          ? new Rwkv({ rng, vocabSize: 4, hiddenSize: 16, numHiddenLayers: 2 })
          : new MambaLm({ rng, vocabSize: 4, dModel: 16, nLayer: 2, mixer: mixers[kind] });
      const optimizer = new Optimizer(adamw({ learningRate: 1e-2 }), trainable(model));
      const x = tensor2d([[0, 1, 2, 3, 0, 1, 2]], [1, 7], "int32");
      const y = tensor1d([1, 2, 3, 0, 1, 2, 3], "int32");
      const classes = kind === "rwkv" ? 4 : 8;
      for (let step = 0; step < 60; step++)
        await trainStep(model, optimizer, () => crossEntropy(reshape(model.forward(x), [7, classes]), y));
      const written: number[] = [];
      for await (const token of generate<unknown>(model, [0], { maxNewTokens: 8, temperature: 0 }))
        written.push(token);
      expect(written).toEqual([1, 2, 3, 0, 1, 2, 3, 0]);
      optimizer.dispose();
      dispose([x, y]);
      model.dispose();
    },
  );
});

test("a state that is not one of the layer is refused by name", () => {
  const layer = new SLstm(8, { rng: new Rng(1), numHeads: 2 });
  const state = layer.initialState(2);
  const x = ones<Rank.R3>([2, 3, 8]);
  const { conv: _, ...withoutConv } = state;
  expect(() => layer.step(x, withoutConv as never)).toThrow(
    "SLstm(8): the state is a record of y, c, n, m without conv",
  );
  expect(() => layer.step(x, undefined as never)).toThrow("SLstm(8): the state is undefined");
  expect(() => layer.step(x, layer.initialState(3))).toThrow("SLstm(8): conv of the state is [3, 3, 8]");
});
