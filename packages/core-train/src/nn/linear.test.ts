import { gradient, Linear, Rng, ShapeError, training, valueAndGradients, init } from "@pellucid/core-train";
import { checkGradient, fixture, sines } from "@pellucid/testing";
import { mul, sum, tensor, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { permute } from "../host-tensor.ts";
import { trainable } from "../module/freeze.ts";

interface Init {
  readonly layers: Readonly<Record<"linear", { readonly weight: number[]; readonly bias: number[] }>>;
}

test("seed 0 gives PyTorch's weights, transposed", () => {
  const { weight, bias } = new Linear(3, 5, { rng: new Rng(0) });
  const torch = fixture<Init>(import.meta.url, "../../fixtures/torch/init.json").layers.linear;
  const theirs = Float32Array.from(torch.weight);
  expect(weight).toBeAllclose(permute({ data: theirs, shape: [5, 3] }, [1, 0]), { atol: 0, rtol: 0 });
  expect(bias ?? []).toBeAllclose(torch.bias.map(Math.fround), { atol: 0, rtol: 0 });
});

test("y = x W + b, over the last axis of any rank", () => {
  const layer = new Linear(2, 3, { rng: new Rng(0) });
  layer.weight.assign(tensor2d([1, 2, 3, 4, 5, 6], [2, 3]));
  layer.bias?.assign(tensor([0.5, 0, -0.5]));
  expect(layer.forward(tensor([1, 10]))).toBeAllclose([41.5, 52, 62.5]);
  expect(layer.forward(tensor([[[1, 10]], [[0, 1]]]))).toHaveShape([2, 1, 3]);
  expect(layer.forward(tensor([[[1, 10]], [[0, 1]]]))).toBeAllclose([41.5, 52, 62.5, 4.5, 5, 5.5]);
});

test("its gradients agree with finite differences", () => {
  const layer = new Linear(3, 2, { rng: new Rng(0) });
  const x = sines([2, 2, 3]);
  checkGradient((at) => layer.forward(at), x);
  const weights = sines([2, 2, 2]);
  const { gradients } = valueAndGradients(trainable(layer), () => sum(mul(layer.forward(x), weights)));
  expect(gradients["bias"] ?? []).toBeAllclose(sum(weights, [0, 1]));
  expect(gradients["weight"] ?? []).toHaveShape([3, 2]);
});

test("without a bias, and with weights drawn otherwise", () => {
  const layer = new Linear(2, 3, { rng: new Rng(0), bias: false, init: init.zeros() });
  expect(Object.keys(trainable(layer))).toEqual(["weight"]);
  expect(layer.forward(tensor([[1, 10]]))).toBeAllclose([0, 0, 0]);
});

test("an empty batch gives an empty result", () => {
  expect(new Linear(2, 3, { rng: new Rng(0) }).forward(tensor([], [0, 2]))).toHaveShape([0, 3]);
});

test("other features are refused", () => {
  const layer = new Linear(4, 2, { rng: new Rng(0) });
  expect(() => layer.forward(sines([3, 5]))).toThrow(
    new ShapeError("Linear(4, 2): x is [3, 5], expected [..., 4]."),
  );
});

test("it leaks no tensors, also when it throws", () => {
  const layer = new Linear(4, 2, { rng: new Rng(0) });
  const [x, wrong] = [sines([3, 4]), sines([3, 5])];
  expect(() => training(layer, () => layer.forward(x))).toLeakNothing();
  expect(() => gradient((at) => layer.forward(at))(x)).toLeakNothing();
  expect(() => layer.forward(wrong)).toLeakNothing();
});
