// A training step of a diffusion model can be compiled: its time steps and noise are drawn anew in each, to the same bits.
import { useBackend } from "@pellucid/backends";
import { adam, compile, type Module, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import {
  ConsistencyModel,
  cosineSchedule,
  DiffusionWorld,
  dropClasses,
  EdmDiffusion,
  FlowMatching,
  GaussianDiffusion,
  geometricSigmas,
  karrasLevels,
  ScoreModel,
  Unet,
} from "@pellucid/generative";
import { reshape, type Tensor, tensor1d, tensor2d, tensor5d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { PointNet } from "./point-net.ts";

beforeAll(() => useBackend({ only: "wasm" }));

const schedule = cosineSchedule(10);
const net = (rng: Rng, out = 2) => new PointNet(2, out, { rng, hidden: 4 });
const unet = (rng: Rng, options: object = {}) =>
  new Unet(4, {
    rng,
    channels: 1,
    dimMults: [1],
    fullAttn: [true],
    attnHeads: 1,
    attnDimHead: 2,
    ...options,
  });

/** What is trained, and the loss of a step. */
const losses: Readonly<Record<string, (rng: Rng) => readonly [Module, (x: Tensor) => Tensor]>> = {
  DDPM: (rng) => {
    const model = new GaussianDiffusion(net(rng), { schedule, offsetNoise: 0.1 });
    return [model, (x) => model.loss(x, { rng })];
  },
  "DDPM with a learned variance": (rng) => {
    const model = new GaussianDiffusion(net(rng, 4), { schedule, learnedVariance: true });
    return [model, (x) => model.loss(x, { rng })];
  },
  "a U-Net of classes, some of them dropped": (rng) => {
    const model = new GaussianDiffusion(unet(rng, { numClasses: 2 }), { schedule });
    const classes = tensor1d([0, 1, 1, 0], "int32");
    const images = (x: Tensor) => reshape(x, [4, 1, 2, 1]);
    return [
      model,
      (x) => model.loss(images(x), { rng, condition: { classes: dropClasses(classes, 0.5, { rng }) } }),
    ];
  },
  EDM: (rng) => {
    const model = new EdmDiffusion(net(rng));
    return [model, (x) => model.loss(x, { rng })];
  },
  "consistency distillation": (rng) => {
    const [teacher, model] = [new EdmDiffusion(net(rng)), new ConsistencyModel(net(rng))];
    return [model, (x) => model.loss(x, { rng, teacher, levels: karrasLevels(5) })];
  },
  "flow matching": (rng) => {
    const model = new FlowMatching(net(rng));
    return [model, (x) => model.loss(x, { rng })];
  },
  "score matching": (rng) => {
    const model = new ScoreModel(net(rng), geometricSigmas(3, 2, 0.1));
    return [model, (x) => model.loss(x, { rng })];
  },
  "a world": (rng) => {
    const model = new GaussianDiffusion(unet(rng, { contextChannels: 2, numClasses: 3 }), { schedule });
    const world = new DiffusionWorld(model, { history: 2, historyNoise: 0.5 });
    const actions = tensor1d([1], "int32");
    const frames = tensor5d(new Rng(9).rand([1, 3, 4, 4, 1]).data, [1, 3, 4, 4, 1]);
    return [model, () => world.loss({ frames, actions }, { rng })];
  },
};

test.each(Object.entries(losses))("%s", async (_, make) => {
  const run = async (compiled: boolean) => {
    const rng = new Rng(0);
    const [model, loss] = make(rng);
    const optimizer = new Optimizer(adam({ learningRate: 0.01 }), trainable(model));
    const eager = (x: Tensor) => trainStep(model, optimizer, () => loss(x));
    const fast = compile(eager);
    await fast.ready;
    const data = new Rng(1);
    const found: number[] = [];
    for (let step = 0; step < 8; step++) {
      const x = tensor2d(data.randn([4, 2]).data, [4, 2]);
      found.push(await (compiled ? fast : eager)(x));
      x.dispose();
    }
    return { found, replayed: fast.report().replayed, reasons: fast.report().reasons };
  };
  const [eager, compiled] = [await run(false), await run(true)];
  expect(compiled.found).toEqual(eager.found);
  expect(new Set(compiled.found).size).toBe(8);
  expect(compiled).toMatchObject({ replayed: 6 });
});
