import { type AdamSlot, chain, clipGradNorm, type LearningRateState } from "@pellucid/core-train";
import { type PerParameter, scaleByAdam, scaleByLearningRate, type Stateless } from "@pellucid/core-train";
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
