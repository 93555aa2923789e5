import { accumulate, Optimizer, OptionError, parameter, sgd } from "@pellucid/core-train";
import { dispose, tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const one = () => parameter({ data: new Float32Array([1]), shape: [1] });

test("parameters move at every k-th step, by the mean", () => {
  const weight = one();
  const optimizer = new Optimizer(accumulate(2, sgd({ learningRate: 1 })), { weight });
  const values = [4, 2, 1, 1].map((gradient) => {
    optimizer.step({ weight: tensor([gradient]) });
    return weight.dataSync()[0];
  });
  expect(values).toEqual([1, -2, -2, -3]);
});

test("a schedule advances only when the parameters move", () => {
  const weight = one();
  const asked: number[] = [];
  const learningRate = (step: number) => asked.push(step);
  const optimizer = new Optimizer(accumulate(3, sgd({ learningRate })), { weight });
  for (let step = 0; step < 7; step++) optimizer.step({ weight: tensor([1]) });
  expect(asked).toEqual([0, 1]);
});

test("a parameter without a gradient in all k steps has none then", () => {
  const [a, b] = [one(), one()];
  const optimizer = new Optimizer(
    accumulate(2, sgd({ learningRate: 1, momentum: 0.5 }), { reduction: "sum" }),
    { a, b },
  );
  for (let step = 0; step < 2; step++) optimizer.step({ a: tensor([1]), b: tensor([1]) });
  optimizer.step({ a: tensor([1]) });
  optimizer.step({});
  expect(a).toBeAllclose([-3]); // 1 − 2, then the velocity 0.5 · 2 + 1
  expect(b).toBeAllclose([-1]);
  expect(optimizer.state.inner.slots["b"]?.count).toBe(1);
});

test("k is a number of steps", () => {
  expect(() => accumulate(0, sgd())).toThrow(new OptionError("accumulate", "k", 0, "an integer ≥ 1"));
  expect(() => accumulate(1.5, sgd())).toThrow("accumulate: k is 1.5, expected an integer ≥ 1.");
});

test("it leaves nothing but the state", () => {
  const parameters = { weight: one() };
  const gradients = { weight: tensor([1]) };
  expect(() => {
    const optimizer = new Optimizer(accumulate(2, sgd({ momentum: 0.9 })), parameters);
    for (let step = 0; step < 5; step++) optimizer.step(gradients);
    optimizer.dispose();
  }).toLeakNothing();
  dispose([parameters, gradients]);
});
