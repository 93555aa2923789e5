// The key-value cache, attention weights, padding, and errors.
import { useBackend } from "@pellucid/backends";
import {
  intercept,
  MultiheadAttention,
  OptionError,
  Rng,
  ShapeError,
  training,
  TransformerDecoder,
  TransformerEncoder,
  type TransformerStackOptions,
} from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import {
  concat,
  matMul,
  reshape,
  slice,
  type Tensor,
  tensor2d,
  tensor4d,
  type Tensor3D,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const options = (more: Partial<TransformerStackOptions> = {}): TransformerStackOptions => ({
  rng: new Rng(0),
  dimFeedforward: 16,
  ...more,
});
const timeSteps = (x: Tensor3D, from: number, count: number): Tensor3D =>
  slice(x, [0, from, 0], [x.shape[0], count, x.shape[2]]);

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.for([false, true])("a causal encoder gives the same in parts (normFirst: %s)", (normFirst) => {
    const encoder = new TransformerEncoder(8, 2, 2, options({ normFirst }));
    const x = sines([2, 7, 8]) as Tensor3D;
    const whole = encoder.forward(x, { isCausal: true });
    let state = encoder.initialState(2);
    const parts = [1, 3, 1, 2].map((count, i, all) => {
      const from = all.slice(0, i).reduce((a, b) => a + b, 0);
      const after = encoder.step(timeSteps(x, from, count), state);
      state = after.state;
      return after.output;
    });
    expect(concat(parts, 1)).toBeAllclose(whole, { rtol: 0, atol: 1e-5 });
  });

  test("a decoder gives the same step by step, also with padding in the memory", () => {
    const decoder = new TransformerDecoder(8, 2, 2, options());
    const [x, memory] = [sines([2, 4, 8]), sines([2, 3, 8], 1)] as [Tensor3D, Tensor3D];
    const memoryKeyPaddingMask = tensor2d([0, 0, 1, 0, 0, 0], [2, 3], "bool");
    const whole = decoder.forward(x, memory, { tgtIsCausal: true, memoryKeyPaddingMask });
    let state = decoder.initialState(2);
    for (let t = 0; t < 4; t++) {
      const after = decoder.step({ target: timeSteps(x, t, 1), memory, memoryKeyPaddingMask }, state);
      state = after.state;
      expect(after.output).toBeAllclose(timeSteps(whole, t, 1), { rtol: 0, atol: 1e-5 });
    }
  });

  test("in training a step drops what a causal forward drops", () => {
    const x = sines([2, 5, 8]) as Tensor3D;
    const layer = (rng: Rng) => new MultiheadAttention(8, 2, { rng, dropout: 0.5 });
    const [whole, stepped] = [layer(new Rng(0)), layer(new Rng(0))];
    const expected = training(whole, () => whole.forward(x, { isCausal: true }));
    const { output } = training(stepped, () => stepped.step(x, stepped.initialState(2)));
    expect(output).toBeAllclose(expected, { rtol: 0, atol: 1e-6 });
  });

  test("padding does not matter: neither its numbers nor its presence", () => {
    const encoder = new TransformerEncoder(8, 2, 2, options());
    const x = sines([1, 5, 8]) as Tensor3D;
    const srcKeyPaddingMask = tensor2d([0, 0, 0, 1, 1], [1, 5], "bool");
    const other = concat([timeSteps(x, 0, 3), sines([1, 2, 8], 5)], 1) as Tensor3D;
    const padded = timeSteps(encoder.forward(x, { srcKeyPaddingMask }), 0, 3);
    expect(timeSteps(encoder.forward(other, { srcKeyPaddingMask }), 0, 3)).toBeAllclose(padded, {
      rtol: 0,
      atol: 0,
    });
    expect(encoder.forward(timeSteps(x, 0, 3))).toBeAllclose(padded, { rtol: 0, atol: 1e-6 });
  });

  test("attention weights are returned with the output", () => {
    const layer = new MultiheadAttention(4, 1, { rng: new Rng(0) });
    const { output, weights } = layer.forwardWithWeights(sines([1, 3, 4]) as Tensor3D);
    expect(output).toBeAllclose(layer.forward(sines([1, 3, 4]) as Tensor3D), { rtol: 0, atol: 1e-6 });
    expect(weights).toHaveShape([1, 3, 3]);
  });

  test("attention weights can be replaced: with the identity a head passes its values on", () => {
    const layer = new MultiheadAttention(4, 1, { rng: new Rng(0), bias: false });
    const x = sines([1, 3, 4]) as Tensor3D;
    const own = () => tensor4d([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 1, 3, 3]);
    const y = intercept(layer.attention.weights, own, () => layer.forward(x));
    const value = slice(layer.projection.inProjWeight as Tensor, [0, 8], [4, 4]);
    const passed = matMul(matMul(reshape(x, [3, 4]), value), layer.outProj.weight);
    expect(y).toBeAllclose(passed, { rtol: 0, atol: 1e-6 });
  });

  test("it leaks nothing", () => {
    const encoder = new TransformerEncoder(8, 2, 1, options());
    const x = sines([1, 3, 8]) as Tensor3D;
    const state = encoder.initialState(1);
    expect(() => encoder.forward(x)).toLeakNothing();
    expect(() => encoder.step(x, state)).toLeakNothing();
    expect(() => encoder.layers[0]?.selfAttn.forwardWithWeights(x)).toLeakNothing();
  });
});

describe("refused", () => {
  beforeAll(async () => {
    await useBackend({ only: "cpu" }); // where what follows is made
  });
  const rng = new Rng(0);
  const layer = new MultiheadAttention(6, 2, { rng });
  const x = zeros([2, 5, 6]) as Tensor3D;

  test("heads that do not divide the features", () => {
    expect(() => new MultiheadAttention(6, 4, { rng })).toThrow(
      new OptionError("MultiheadAttention", "the number of heads", 4, "a divisor of the 6 features"),
    );
  });

  test("sequences that do not fit", () => {
    expect(() => layer.forward(zeros([2, 5, 4]))).toThrow(
      new ShapeError("MultiheadAttention(6, 2): query is [2, 5, 4], expected [batch, query, 6]."),
    );
    expect(() => layer.forward(x, { key: zeros([3, 5, 6]) })).toThrow(
      new ShapeError("MultiheadAttention(6, 2): key is [3, 5, 6], expected [2, key, 6]."),
    );
  });

  test("masks of wrong shapes", () => {
    expect(() => layer.forward(x, { attnMask: zeros([4, 5]) })).toThrow(
      new ShapeError("MultiheadAttention(6, 2): attnMask is [4, 5], expected [5, 5] or [4, 5, 5]."),
    );
    expect(() => layer.forward(x, { keyPaddingMask: zeros([2, 4]) })).toThrow(
      new ShapeError("MultiheadAttention(6, 2): keyPaddingMask is [2, 4], expected [2, 5]."),
    );
  });

  test("a stack without layers", () => {
    expect(() => new TransformerEncoder(8, 2, 0, options())).toThrow(
      new OptionError("TransformerEncoder", "numLayers", 0, "an integer above 0"),
    );
  });
});
