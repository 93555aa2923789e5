import { moveTensors, useBackend } from "@pellucid/backends";
import {
  adam,
  BatchNorm2d,
  Conv2d,
  Flatten,
  Linear,
  mseLoss,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  stateOf,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { sines } from "@pellucid/testing";
import { type Tensor4D, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("a module and its optimizer can be brought to another backend, and train on there", async () => {
  const losses = [];
  for (const next of ["cpu", "wasm"] as const) {
    await useBackend({ only: "cpu" });
    const rng = new Rng(0);
    const model = new Sequential(
      new Conv2d(1, 2, 3, { rng }),
      new BatchNorm2d(2),
      new ReLU(),
      new Flatten(),
      new Linear(8, 1, { rng }),
    );
    const optimizer = new Optimizer(adam({ learningRate: 0.1 }), trainable(model));
    const step = async () => {
      const [x, y] = [sines([2, 4, 4, 1]) as Tensor4D, zeros([2, 1])];
      const loss = await trainStep(model, optimizer, () => mseLoss(model.forward(x), y));
      x.dispose();
      y.dispose();
      return loss;
    };
    const before = await step();
    await useBackend({ only: next });
    const moved = await moveTensors([stateOf(model), optimizer.state]);
    losses.push([before, await step(), await step()]);
    expect(moved > 0).toBe(next !== "cpu");
    optimizer.dispose();
    model.dispose();
  }
  expect(losses[1]).toBeAllclose(losses[0] as number[], { rtol: 1e-5, atol: 1e-6 });
});
