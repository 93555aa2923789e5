import * as core from "@pellucid/core-train";
import { tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const { chain, Optimizer, parameter, scaleByLearningRate } = core;

const pairs: Readonly<Record<string, readonly [core.Transform<unknown>, core.Transform<unknown>]>> = {
  adagrad: [core.adagrad({ learningRate: 0.1 }), core.scaleByAdagrad()],
  adadelta: [core.adadelta({ learningRate: 0.1 }), core.scaleByAdadelta()],
  adamax: [core.adamax({ learningRate: 0.1 }), core.scaleByAdamax()],
  nadam: [core.nadam({ learningRate: 0.1 }), core.scaleByNadam()],
  radam: [core.radam({ learningRate: 0.1 }), core.scaleByRadam()],
  rmsprop: [core.rmsprop({ learningRate: 0.1, momentum: 0.5 }), core.scaleByRms({ momentum: 0.5 })],
  lion: [core.lion({ learningRate: 0.1 }), core.scaleByLion()],
};

function after(transform: core.Transform<unknown>): Float32Array | Int32Array | Uint8Array | undefined {
  const weight = parameter({ data: new Float32Array([1, -2]), shape: [2] });
  const optimizer = new Optimizer(transform, { weight });
  for (let step = 0; step < 8; step++) optimizer.step({ weight: tensor([Math.sin(step), 1 / (1 + step)]) });
  return weight.dataSync();
}

test.each(Object.entries(pairs))("%s is its direction times the learning rate", (_, [alias, direction]) => {
  expect(after(chain(direction, scaleByLearningRate(0.1)))).toEqual(after(alias));
});

test("weight decay goes through the optimizer, or past it", () => {
  const zero = { weight: tensor([0, 0]) };
  const moved = (decoupledWeightDecay: boolean) => {
    const weight = parameter({ data: new Float32Array([1, -2]), shape: [2] });
    const options = { learningRate: 0.1, weightDecay: 0.5, decoupledWeightDecay };
    new Optimizer(core.nadam({ ...options, mask: () => true }), { weight }).step(zero);
    return weight;
  };
  expect(moved(true)).toBeAllclose([0.95, -1.9]);
  const [first, second] = moved(false).dataSync();
  expect(first).toBeCloseTo(-(1 + (second ?? 0)), 5); // through the root it is one size for both
});
