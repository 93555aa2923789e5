import { chain, Optimizer, OptionError, parameter, scaleByLearningRate } from "@pellucid/core-train";
import { scaleByMomentum, sgd } from "@pellucid/core-train";
import { tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const one = () => parameter({ data: new Float32Array([1]), shape: [1] });

test("the first velocity is the gradient, then it is dampened", () => {
  const weight = one();
  const optimizer = new Optimizer(sgd({ learningRate: 1, momentum: 0.5, dampening: 0.25 }), { weight });
  optimizer.step({ weight: tensor([8]) });
  expect(weight).toBeAllclose([-7]);
  optimizer.step({ weight: tensor([4]) }); // velocity 0.5 · 8 + 0.75 · 4
  expect(weight).toBeAllclose([-14]);
});

test("a chain of its parts is descent with momentum", () => {
  const [whole, parts] = [one(), one()];
  const a = new Optimizer(sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }), { weight: whole });
  const b = new Optimizer(
    chain(scaleByMomentum({ momentum: 0.9, nesterov: true }), scaleByLearningRate(0.1)),
    { weight: parts },
  );
  for (const gradient of [1, -3, 2]) {
    for (const optimizer of [a, b]) optimizer.step({ weight: tensor([gradient]) });
  }
  expect(parts).toBeAllclose(whole, { rtol: 1e-6, atol: 0 });
});

test("a learning rate may be a function of the step, 0 at the first", () => {
  const weight = one();
  const optimizer = new Optimizer(sgd({ learningRate: (step) => step }), { weight });
  for (const expected of [1, 0, -2]) {
    optimizer.step({ weight: tensor([1]) });
    expect(weight).toBeAllclose([expected]);
  }
});

test("options that cannot be meant are refused", () => {
  const expected = "sgd: nesterov is true, expected momentum > 0 and dampening 0 with it.";
  expect(() => sgd({ nesterov: true })).toThrow(expected);
  expect(() => sgd({ nesterov: true, momentum: 0.9, dampening: 0.1 })).toThrow(expected);
  expect(() => sgd({ momentum: -0.1 })).toThrow(new OptionError("sgd", "momentum", -0.1, "a number ≥ 0"));
});
