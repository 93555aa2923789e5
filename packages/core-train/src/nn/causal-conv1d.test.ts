import { CausalConv1d, initialize, Rng, init } from "@pellucid/core-train";
import { concat, slice, type Tensor3D, tensor3d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);

test("a case worked by hand: the sum of a step and of the one two before it", () => {
  const layer = new CausalConv1d(1, 1, 2, { rng, dilation: 2, bias: false });
  initialize(layer.conv, "weight", init.constant(1), rng);
  const x = tensor3d([1, 10, 100, 1000], [1, 4, 1]);
  expect(layer.forward(x)).toBeAllclose([1, 10, 101, 1010]);
  expect(layer.lookback).toBe(2);
});

test("is as long as its input", () => {
  const layer = new CausalConv1d(2, 3, 5, { rng });
  expect(layer.forward(tensor3d(new Float32Array(14), [1, 7, 2]))).toHaveShape([1, 7, 3]);
});

test("gives the same in parts as at once, also for parts shorter than what it looks back to", () => {
  const layer = new CausalConv1d(2, 3, 3, { rng, dilation: 2 });
  const x: Tensor3D = tensor3d(
    Float32Array.from({ length: 28 }, (_, i) => Math.sin(i)),
    [2, 7, 2],
  );
  let state = layer.initialState(2);
  let from = 0;
  const outputs = [1, 4, 2].map((time) => {
    const after = layer.step(slice(x, [0, from, 0], [2, time, 2]), state);
    from += time;
    state = after.state;
    return after.output;
  });
  expect(concat(outputs, 1)).toBeAllclose(layer.forward(x), { rtol: 0, atol: 1e-6 });
});

test("refuses a state of another shape", () => {
  const layer = new CausalConv1d(1, 1, 3, { rng });
  expect(() =>
    layer.step(tensor3d([1, 2], [1, 2, 1]), new CausalConv1d(1, 1, 2, { rng }).initialState(1)),
  ).toThrow("CausalConv1d(1, 1, 3): inputs is [1, 1, 1], expected [1, 2, 1].");
});

test("leaks no tensors", () => {
  const layer = new CausalConv1d(1, 1, 2, { rng });
  const x = tensor3d([1, 2], [1, 2, 1]);
  expect(() => layer.forward(x)).toLeakNothing();
});
