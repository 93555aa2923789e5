import {
  adam,
  type AdamSlot,
  addWeightDecay,
  chain,
  clipGradNorm,
  type LearningRateState,
  Optimizer,
  parameter,
} from "@pellucid/core-train";
import {
  type PerParameter,
  scaleByAdam,
  scaleByLearningRate,
  type Stateless,
  type Transform,
} from "@pellucid/core-train";
import { tensor } from "@tensorflow/tfjs-core";
import { expect, expectTypeOf, test } from "vitest";

test("the state is the tuple of the states, and typed so", () => {
  const transform = chain(clipGradNorm(1), scaleByAdam(), scaleByLearningRate(0.1));
  const parameters = { weight: tensor([1, 2]) };
  const state = transform.init(parameters);
  expectTypeOf(state).toEqualTypeOf<readonly [Stateless, PerParameter<AdamSlot>, LearningRateState]>();
  expectTypeOf(state[1].step).toBeNumber();
  expect(state[2]).toEqual({ step: 0 });
  expect(state[1].slots["weight"]?.mu).toHaveShape([2]);
});

test("an empty chain changes nothing", () => {
  const gradients = { weight: tensor([1, 2]) };
  const [updates, state] = chain().update(gradients, [], gradients);
  expect(updates).toBe(gradients);
  expect(state).toEqual([]);
});

test("known neighbors run as one, to the bit of the alias, and keep their states", () => {
  const parts = chain(addWeightDecay(0.1), scaleByAdam(), scaleByLearningRate(0.01));
  const run = (transform: Transform<unknown>) => {
    const weight = parameter({ data: Float32Array.of(1, -2, 0.3), shape: [3] });
    const optimizer = new Optimizer(transform, { weight });
    for (let step = 0; step < 5; step++)
      optimizer.step({ weight: tensor([Math.sin(step), 1 / (1 + step), -0.2]) });
    return { values: weight.dataSync(), state: optimizer.state };
  };
  const { values, state } = run(parts);
  expect(values).toEqual(run(adam({ learningRate: 0.01, weightDecay: 0.1 })).values);
  expect(state).toMatchObject([{}, { step: 5, slots: { weight: { count: 5 } } }, { step: 5 }]);
});
