// A state of another batch or layer, and a sequence without time steps, are refused by name before anything is computed.
import { useBackend } from "@pellucid/backends";
import { DataError, type Module, OptionError, Rng, ShapeError, StructError } from "@pellucid/core-train";
import { Mamba, Mamba2, Mamba3, MambaLm, type Mixer, type MixerState, S4d } from "@pellucid/mamba";
import {
  DeltaNet,
  GatedDeltaNet,
  Gla,
  MinGru,
  MinLstm,
  MLstm,
  Rwkv,
  RwkvChannelMix,
  RwkvTimeMix,
  SLstm,
  TttLinear,
  TttMlp,
} from "@pellucid/mamba/recurrences";
import { dispose, memory, slice, zeros, type Tensor3D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const rng = new Rng(0);
const makes: Readonly<Record<string, () => Module & Mixer>> = {
  Mamba: () => new Mamba(8, { rng, dState: 3 }),
  Mamba2: () => new Mamba2(8, { rng, dState: 3, headDim: 4 }),
  Mamba3: () => new Mamba3(8, { rng, dState: 4, headDim: 4 }),
  S4d: () => new S4d(8, { rng, dState: 4 }),
  DeltaNet: () => new DeltaNet(8, { rng, numHeads: 2 }),
  GatedDeltaNet: () => new GatedDeltaNet(8, { rng, numKHeads: 2 }),
  Gla: () => new Gla(8, { rng, numHeads: 2 }),
  MLstm: () => new MLstm(8, { rng, numHeads: 2 }),
  SLstm: () => new SLstm(8, { rng, numHeads: 2 }),
  MinGru: () => new MinGru(8, 8, { rng }),
  MinLstm: () => new MinLstm(8, 8, { rng }),
  RwkvTimeMix: () => new RwkvTimeMix(8, { rng }),
  RwkvChannelMix: () => new RwkvChannelMix(8, { rng }),
  TttLinear: () => new TttLinear(8, { rng, numHeads: 2, miniBatchSize: 4 }),
  TttMlp: () => new TttMlp(8, { rng, numHeads: 2, miniBatchSize: 4 }),
};

beforeAll(() => useBackend({ only: "cpu" }));

test.each(Object.entries(makes))("%s refuses a state that is not of it, and no time steps", (name, make) => {
  const layer = make();
  const [x, none] = [zeros([2, 3, 8]) as Tensor3D, zeros([2, 0, 8]) as Tensor3D];
  const [own, other] = [layer.initialState(2), layer.initialState(3)];
  const [first = ""] = Object.keys(own);
  const { [first]: removed, ...rest } = own;
  const cut: MixerState = {
    ...own,
    [first]: slice(own[first] as Tensor3D, 0, 1),
  };
  const before = memory().numTensors;
  const start = new RegExp(`^${name}\\(.*state`);
  for (const [state, error] of [
    [other, ShapeError],
    [cut, ShapeError],
    [rest, StructError],
    [undefined, StructError],
    [null, StructError],
    [[], StructError],
  ] as const) {
    expect(() => layer.step(x, state as never)).toThrow(error);
    expect(() => layer.step(x, state as never)).toThrow(start);
  }
  expect(() => layer.forward(none)).toThrow(DataError);
  expect(() => layer.forward(none)).toThrow(/no time steps/);
  expect(memory().numTensors).toBe(before);
  const { output, state } = layer.step(x, own);
  expect(output.shape).toEqual([2, 3, 8]);
  dispose([x, none, output, removed as Tensor3D, cut[first] as Tensor3D]);
  dispose([...Object.values(rest), ...Object.values(other), ...Object.values(state)]);
  layer.dispose();
});

test("a language model refuses the states of another batch", () => {
  const models = [
    new MambaLm({ rng, vocabSize: 5, dModel: 8, nLayer: 2 }),
    new Rwkv({ rng, vocabSize: 5, hiddenSize: 8, numHiddenLayers: 2 }),
  ];
  for (const model of models) {
    const tokens = zeros([2, 3], "int32") as never;
    const states = model.initialState(1);
    const before = memory().numTensors;
    expect(() => model.step(tokens, states as never)).toThrow(ShapeError);
    expect(() => model.step(tokens, [])).toThrow(/one for each of 2 layers/);
    expect(memory().numTensors).toBe(before);
    dispose([tokens, ...states.flatMap((state) => Object.values(state))]);
    model.dispose();
  }
});

test("a state that has read more of a mini-batch than there is of it is refused", () => {
  const layer = new TttLinear(8, { rng, miniBatchSize: 4 });
  const state = { ...layer.initialState(1), inputs0: zeros([1, 1, 4, 8]), errors0: zeros([1, 1, 4, 8]) };
  expect(() => layer.step(zeros([1, 1, 8]), state as never)).toThrow(/4 tokens of an unfinished mini-batch/);
});

test("a mixer is made by a function, not a class", () => {
  const options = { rng, vocabSize: 5, dModel: 8, nLayer: 1 };
  const before = memory().numTensors;
  expect(() => new MambaLm({ ...options, mixer: Mamba2 as never })).toThrow(OptionError);
  expect(() => new MambaLm({ ...options, mixer: Mamba2 as never })).toThrow(
    "MambaLm: mixer is the class Mamba2, expected a function that makes one: (dModel, rng) => new Mamba2(dModel, { rng }).",
  );
  expect(() => new MambaLm({ ...options, mixer: 3 as never })).toThrow(StructError);
  expect(memory().numTensors).toBe(before);
});
