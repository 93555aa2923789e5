import { adam, adamw, addWeightDecay, chain, Optimizer, parameter } from "@pellucid/core-train";
import { scaleByAdam, scaleByLearningRate } from "@pellucid/core-train";
import { dispose, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const ones = () => parameter({ data: new Float32Array([1, 1]), shape: [2] });

test("the first step is the learning rate, whatever the gradient's size", () => {
  const weight = ones();
  new Optimizer(adam({ learningRate: 0.1 }), { weight }).step({ weight: tensor([1e-3, -40]) });
  expect(weight).toBeAllclose([0.9, 1.1]);
});

test("a chain of its parts is AdamW", () => {
  const [whole, parts] = [ones(), ones()];
  const optimizers = [
    new Optimizer(adamw({ learningRate: 0.1, weightDecay: 0.5 }), { weight: whole }),
    new Optimizer(chain(scaleByAdam(), addWeightDecay(0.5), scaleByLearningRate(0.1)), { weight: parts }),
  ];
  for (const gradient of [
    [1, -2],
    [3, 0],
    [-1, 5],
  ]) {
    // prettier-ignore
    for (const optimizer of optimizers) optimizer.step({ weight: tensor(gradient) });
  }
  expect(parts).toBeAllclose(whole, { rtol: 1e-6, atol: 0 });
});

test("a mask says what decays", () => {
  const [weight, bias] = [ones(), ones()];
  const mask = (path: string) => path === "weight";
  const zero = tensor([0, 0]);
  new Optimizer(adamw({ learningRate: 0.1, weightDecay: 0.5, mask }), { weight, bias }).step({
    weight: zero,
    bias: zero,
  });
  expect(weight).toBeAllclose([0.95, 0.95]);
  expect(bias).toBeAllclose([1, 1]);
});

test("averages that cannot forget, and a climb that calls itself a descent, are refused", () => {
  expect(() => adam({ betas: [0.9, 1] })).toThrow("adam: betas[1] is 1, expected a number in [0, 1).");
  expect(() => adam({ eps: -1e-8 })).toThrow("adam: eps is -1e-8, expected a number ≥ 0.");
  expect(() => adamw({ learningRate: -1 })).toThrow("adamw: learningRate is -1, expected a number ≥ 0.");
  expect(() => adam({ weightDecay: NaN })).toThrow("adam: weightDecay is NaN, expected a number ≥ 0.");
});

test("a step leaves nothing but the state", () => {
  const parameters = { weight: ones() };
  const gradients = { weight: tensor([1, 2]) };
  expect(() => {
    const optimizer = new Optimizer(adam({ amsgrad: true, weightDecay: 0.1, maximize: true }), parameters);
    optimizer.step(gradients);
    optimizer.step(gradients);
    optimizer.dispose();
  }).toLeakNothing();
  dispose([parameters, gradients]);
});
