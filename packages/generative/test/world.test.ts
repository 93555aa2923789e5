import { useBackend } from "@pellucid/backends";
import {
  adam,
  AveragedModel,
  disposeLeaves,
  ema,
  loadCheckpoint,
  Optimizer,
  Rng,
  saveCheckpoint,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { cosineSchedule, ddim, DiffusionWorld, GaussianDiffusion, Unet } from "@pellucid/generative";
import { hashedTensor } from "@pellucid/testing";
import { memory, slice, type Tensor, tensor1d, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

const make = (history = 2) => {
  const context = { channels: 1, contextChannels: history, numClasses: 3 };
  const small = { dimMults: [1, 2], fullAttn: [null, null], attnHeads: 1, attnDimHead: 4 };
  const net = new Unet(4, { rng: new Rng(0), ...context, ...small });
  const diffusion = new GaussianDiffusion(net, { schedule: cosineSchedule(20) });
  return { net, world: new DiffusionWorld(diffusion, { history }) };
};
const frames = (time: number) => hashedTensor<Tensor>([2, time, 4, 4, 1], 1);
const actions = () => tensor1d([0, 2], "int32");

test("the context is the last frames, oldest first, and a dreamed frame becomes the newest", async () => {
  const { world } = make();
  const state = world.initialState(frames(2));
  expect(state.frames).toBeAllclose(transpose(slice(frames(2), 0, 2), [0, 2, 3, 1, 4]).dataSync());
  const before = memory().numTensors;
  const done = actions();
  const drawing = { rng: new Rng(1), solver: ddim(), steps: 3 };
  const { output, state: next } = await world.step(done, state, drawing);
  expect(output.shape).toEqual([2, 4, 4, 1]);
  expect(slice(next.frames, [0, 0, 0, 1], [2, 4, 4, 1])).toBeAllclose(output, { atol: 0, rtol: 0 });
  const older = slice(state.frames, [0, 0, 0, 1], [2, 4, 4, 1]);
  expect(slice(next.frames, [0, 0, 0, 0], [2, 4, 4, 1]) as Tensor4D).toBeAllclose(older, {
    atol: 0,
    rtol: 0,
  });
  older.dispose();
  disposeLeaves([output, next, done]);
  expect(memory().numTensors - before).toBeLessThanOrEqual(2); // the slices above
});

test("it learns that an action decides the next frame; memory stays", async () => {
  const { world } = make(1);
  const optimizer = new Optimizer(adam({ learningRate: 1e-2 }), trainable(world));
  const rng = new Rng(2);
  const losses: number[] = [];
  const play = { frames: frames(2), actions: actions() };
  losses.push(await trainStep(world, optimizer, () => world.loss(play, { rng })));
  const before = memory().numTensors;
  for (let step = 0; step < 60; step++)
    losses.push(await trainStep(world, optimizer, () => world.loss(play, { rng })));
  expect(memory().numTensors).toBe(before);
  const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
  expect(mean(losses.slice(-10))).toBeLessThan(0.75 * mean(losses.slice(0, 10)));
});

test("training resumes from a checkpoint with its average, to the last bit", async () => {
  const begin = () => {
    const { net, world } = make(1);
    const averaged = new AveragedModel(net, { average: ema(0.9) });
    const optimizer = new Optimizer(adam(), trainable(world));
    return { world, averaged, optimizer, rng: new Rng(3) };
  };
  type Run = ReturnType<typeof begin>;
  const play = { frames: frames(2), actions: actions() };
  const train = async ({ world, averaged, optimizer, rng }: Run, steps: number): Promise<void> => {
    for (let step = 0; step < steps; step++) {
      await trainStep(world, optimizer, () => world.loss(play, { rng }));
      averaged.update();
    }
  };
  const parts = ({ world, averaged, optimizer, rng }: Run) => ({ world, averaged, optimizer, rng });
  const whole = begin();
  await train(whole, 6);
  const interrupted = begin();
  await train(interrupted, 3);
  const bytes = await saveCheckpoint(parts(interrupted));
  const resumed = begin();
  loadCheckpoint(bytes, parts(resumed));
  await train(resumed, 3);
  expect(Buffer.compare(await saveCheckpoint(parts(resumed)), await saveCheckpoint(parts(whole)))).toBe(0);
});

test("names what is wrong", async () => {
  const { world } = make();
  expect(() => world.loss({ frames: frames(2), actions: actions() }, { rng: new Rng(0) })).toThrow(
    "DiffusionWorld: frames is [2, 2, 4, 4, 1], expected [batch, 3, height, width, channel].",
  );
  expect(() => world.initialState(frames(3))).toThrow(/expected \[batch, 2, height, width, channel\]/u);
  const state = world.initialState(frames(2));
  await expect(world.step(tensor1d([1], "int32"), state, { rng: new Rng(0) })).rejects.toThrow(
    "DiffusionWorld: actions is [1], expected [2].",
  );
});
