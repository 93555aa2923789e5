import {
  adam,
  AveragedModel,
  type CheckpointParts,
  compile,
  ema,
  loadCheckpoint,
  Optimizer,
  Rng,
  trainable,
  trainStep,
  yieldToEventLoop,
} from "@pellucid/core-train";
import {
  cosineSchedule,
  ddim,
  drawSamples,
  dropClasses,
  GaussianDiffusion,
  guideWithout,
  type UnetInput,
} from "@pellucid/generative";
import { type Tensor1D, tensor1d, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { BlockUnet } from "./block-unet.ts";
import { shapeOf } from "./judge.ts";
import { classes, nearShapes, size } from "./near-shapes.ts";

export { classes };

const pixels = size * size * 3;

export interface DrawShapesOptions {
  /** The share of the steps that are taken. Default: 1. */
  readonly share?: number;
  readonly steps?: number;
  readonly batch?: number;
  /** Channels of the network after its first layer. */
  readonly dim?: number;
  readonly drawSteps?: number;
  readonly perClass?: number;
  /** How far to go towards the class. */
  readonly scale?: number;
  readonly onStep?: (step: number, loss: number) => void;
  /** A checkpoint of the same training, which then resumes where it was saved. */
  readonly resume?: Uint8Array;
  /** Receives what a checkpoint holds every 100 steps. */
  readonly onCheckpoint?: (parts: CheckpointParts) => Promise<void>;
}

/** Trains, draws each class, and counts the pictures in which the shape that was asked for is found. */
export async function drawShapes({
  share = 1,
  steps = Math.round(1000 * share),
  batch = 16,
  dim = 32,
  drawSteps = 25,
  perClass = 8,
  scale = 1.2,
  onStep = (_step: number, _loss: number): void => {},
  resume,
  onCheckpoint,
}: DrawShapesOptions = {}) {
  const rng = new Rng(0);
  const { images, labels } = nearShapes(3000, { seed: 0, rng });
  const net = new BlockUnet({ rng, numClasses: classes.length, dim });
  const options = { schedule: cosineSchedule(200), objective: "pred_x0", minSnrGamma: "uniform" } as const;
  const diffusion = new GaussianDiffusion(net, options);
  const averaged = new AveragedModel(net, { average: ema(0.99) });
  const learningRate = (step: number) => 3e-3 * Math.min(1, step / 100) * (1 - step / (steps + 1));
  const optimizer = new Optimizer(adam({ learningRate }), trainable(net));
  const learn = compile((x0: Tensor4D, own: Tensor1D) =>
    trainStep(net, optimizer, () =>
      diffusion.loss(x0, { rng, condition: { classes: dropClasses(own, 0.15, { rng }) } }),
    ),
  );
  await learn.ready;
  const parts = { net, averaged, optimizer, rng };
  const { step: done } = resume === undefined ? { step: 0 } : loadCheckpoint<{ step: number }>(resume, parts);
  for (let step = done + 1; step <= steps; step++) {
    const chosen = [...rng.randint(0, labels.length, [batch]).data];
    const values = new Float32Array(batch * pixels);
    for (const [k, i] of chosen.entries())
      for (let at = 0; at < pixels; at++) values[k * pixels + at] = 2 * (images[i * pixels + at] ?? NaN) - 1;
    const x0 = tensor4d(values, [batch, size, size, 3]);
    const own = tensor1d(
      chosen.map((i) => labels[i] ?? NaN),
      "int32",
    );
    const loss = learn(x0, own);
    averaged.update();
    for (const held of [x0, own]) held.dispose();
    if (step % 50 !== 0) continue;
    onStep(step, await loss);
    if (step % 100 === 0) await onCheckpoint?.({ ...parts, step });
    await yieldToEventLoop();
  }
  learn.dispose();
  averaged.apply();
  optimizer.dispose();
  const count = classes.length * perClass;
  const wanted = Array.from({ length: count }, (_, i) => Math.floor(i / perClass));
  const asked = tensor1d(wanted, "int32");
  const forward = compile((input: UnetInput) => net.forward(input));
  await forward.ready;
  const guidance = guideWithout(diffusion.prediction({}, forward), { scale });
  const how = { solver: ddim(), steps: drawSteps, clip: 1, guidance, condition: { classes: asked }, forward };
  const made = await drawSamples(diffusion.sampler(how), { shape: [count, size, size, 3], rng });
  const samples = Float32Array.from(await made.data(), (value) => Math.min(Math.max((value + 1) / 2, 0), 1));
  for (const held of [made, asked, forward]) held.dispose();
  const seen = wanted.map((_, i) => shapeOf(samples.subarray(i * pixels, (i + 1) * pixels), size));
  const right = seen.filter((name, i) => name === classes[wanted[i] ?? NaN]).length;
  return { diffusion, samples, shape: [count, size, size, 3], size, seen, right };
}

/** Pictures of larger pixels. */
export function enlarge(data: Float32Array, count: number, times: number) {
  const side = size * times;
  const large = new Float32Array(count * side * side * 3);
  for (let i = 0; i < count * side * side; i++) {
    const [image, y, x] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    const from = (image * size + Math.floor(y / times)) * size + Math.floor(x / times);
    large.set(data.subarray(3 * from, 3 * from + 3), 3 * i);
  }
  return { data: large, shape: [count, side, side, 3] };
}
