import {
  causalConv1d,
  Dropout,
  dropoutTimeFirst,
  emptyKeyValues,
  type ExtraKeyValues,
  type InputProjection,
  lastTimeStep,
  LSTM,
  mergeHeads,
  MultiheadAttention,
  type Recurrent,
  Rng,
  rotateFeatures,
  splitHeads,
  training,
} from "@pellucid/core-train";
import { cos, ones, type Rank, sin, tensor, tensor1d, tensor3d, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("features are split into heads, and merged again", () => {
  const x = tensor3d([[[1, 2, 3, 4]]]); // [1, 1, 4]
  const heads = splitHeads(x, 2);
  expect(heads).toHaveShape([1, 2, 1, 2]);
  expect(heads).toBeAllclose([1, 2, 3, 4]);
  expect(mergeHeads(heads)).toBeAllclose(x);
});

test("a cache begins without any time step", () => {
  const { key, value } = emptyKeyValues(2, 3, 4);
  expect(key).toHaveShape([2, 3, 0, 4]);
  expect(value).toHaveShape([2, 3, 0, 4]);
});

test("the last time step is that of each sequence", () => {
  expect(
    lastTimeStep(
      tensor3d([
        [[1], [2]],
        [[3], [4]],
      ]),
    ),
  ).toBeAllclose([2, 4]);
});

test("a quarter turn takes (1, 0) to (0, 1), for neighbors and for halves", () => {
  const quarter = tensor1d([Math.PI / 2, Math.PI / 2, Math.PI / 2, Math.PI / 2]);
  const [cosines, sines] = [cos(quarter), sin(quarter)];
  const turned = (interleaved: boolean) =>
    tidy(() => rotateFeatures(tensor1d([1, 0, 2, 0]), cosines, sines, interleaved));
  expect(turned(true)).toBeAllclose([0, 1, 0, 2], { atol: 1e-6 });
  expect(turned(false)).toBeAllclose([-2, 0, 1, 0], { atol: 1e-6 });
});

test("a packed projection gives queries, keys and values of each head", () => {
  const { projection } = new MultiheadAttention(4, 2, { rng: new Rng(0) });
  const packed: InputProjection = projection;
  expect(packed.inProjWeight ?? []).toHaveShape([4, 12]);
  const x = ones<Rank.R3>([1, 3, 4]);
  const { query, key, value } = packed.forward({ query: x, key: x, value: x });
  for (const heads of [query, key, value]) expect(heads).toHaveShape([1, 2, 3, 2]);
});

test("a learned pair and a pair of zeros follow the keys of the sequence", () => {
  const { extra } = new MultiheadAttention(4, 2, { rng: new Rng(0), addBiasKv: true, addZeroAttn: true });
  const both: ExtraKeyValues = extra;
  expect(both.count).toBe(2);
  expect(both.forward(emptyKeyValues(1, 2, 2)).key).toHaveShape([1, 2, 2, 2]);
});

test("dropout of an attention layer draws along the batch first", () => {
  const x = ones<Rank.R3>([2, 2, 2]);
  const dropped = (make: (dropout: Dropout) => ReturnType<typeof dropoutTimeFirst>) => {
    const dropout = new Dropout(0.5, { rng: new Rng(0) });
    return training(dropout, () => make(dropout));
  };
  const inOrder = dropped((dropout) => dropout.forward(x)).dataSync();
  const timeFirst = dropped((dropout) => dropoutTimeFirst(x, dropout)).dataSync();
  const swapped = [0, 1, 4, 5, 2, 3, 6, 7].map((i) => timeFirst[i] ?? Number.NaN);
  expect(swapped).toEqual([...inOrder]);
});

test("a causal convolution steps with the inputs before it", () => {
  const x = tensor3d([[[1], [2], [3]]]);
  const weight = tensor3d([[[10]], [[1]]]); // the step before times 10, and this step
  const { output, state } = causalConv1d(x, weight, null, {});
  expect(output).toBeAllclose([1, 12, 23]);
  const next = causalConv1d(tensor3d([[[4]]]), weight, tensor([0.5]), {}, state);
  expect(next.output).toBeAllclose([34.5]);
});

test("every recurrent layer starts from a state of zeros, for each layer and direction", () => {
  const layer: Recurrent<"h" | "c", "i" | "f" | "g" | "o" | "h" | "c"> = new LSTM(3, 5, {
    rng: new Rng(0),
    numLayers: 2,
    bidirectional: true,
  });
  const state = layer.initialState(2);
  expect(Object.values(state)[0] ?? []).toHaveShape([4, 2, 5]);
});
