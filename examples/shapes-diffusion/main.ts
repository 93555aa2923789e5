// A U-Net learns colored shapes, and draws from noise those that it is asked for: classifier-free guidance.
import { useBackend } from "@pellucid/backends";
import { adam, AveragedModel, ema, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { encodeImage, makeGrid } from "@pellucid/core-train/tensorboard";
import { shapeImages } from "@pellucid/datasets";
import {
  cosineSchedule,
  ddim,
  drawSamples,
  dropClasses,
  GaussianDiffusion,
  guideWithout,
  Unet,
} from "@pellucid/generative";
import { tensor1d, tensor4d } from "@tensorflow/tfjs-core";
import { writeFile } from "node:fs/promises";

const size = 16;
const classes = ["circle", "square", "triangle"] as const;
const perClass = 8;

/** Trains, and draws a row of each class. */
export async function main({
  steps = 1000,
  batch = 16,
  drawSteps = 25,
  onStep = (_step: number, _loss: number): void => {},
} = {}) {
  const { train } = shapeImages({
    seed: 0,
    train: 1000,
    test: 1,
    size,
    classes: [...classes],
    edges: "smooth",
  });
  const { images, labels } = train.load();
  const rng = new Rng(0);
  const net = new Unet(16, {
    rng,
    dimMults: [1, 2],
    channels: 3,
    numClasses: classes.length,
    fullAttn: [null, null],
    attnHeads: 2,
    attnDimHead: 16,
  });
  const diffusion = new GaussianDiffusion(net, { schedule: cosineSchedule(200), minSnrGamma: 5 });
  const averaged = new AveragedModel(net, { average: ema(0.995) });
  const learningRate = (step: number) => 2e-3 * Math.min(1, step / 100) * (1 - step / (steps + 1));
  const optimizer = new Optimizer(adam({ learningRate }), trainable(diffusion));
  const pixels = size * size * 3;
  for (let step = 1; step <= steps; step++) {
    const chosen = [...rng.randint(0, labels.data.length, [batch]).data];
    const values = Float32Array.from(
      chosen.flatMap((i) => [...images.data.subarray(i * pixels, (i + 1) * pixels)]),
      (v) => 2 * v - 1,
    );
    const x0 = tensor4d(values, [batch, size, size, 3]);
    const own = tensor1d(
      chosen.map((i) => labels.data[i] as number),
      "int32",
    );
    const ids = dropClasses(own, 0.15, { rng });
    const loss = trainStep(diffusion, optimizer, () =>
      diffusion.loss(x0, { rng, condition: { classes: ids } }),
    );
    averaged.update();
    for (const held of [x0, own, ids]) held.dispose();
    if (step % 50 === 0) onStep(step, await loss);
  }
  averaged.apply();
  optimizer.dispose();
  const count = classes.length * perClass;
  const wanted = tensor1d(
    Array.from({ length: count }, (_, i) => Math.floor(i / perClass)),
    "int32",
  );
  const guidance = guideWithout(diffusion.prediction(), { scale: 2 });
  const sampler = diffusion.sampler({
    solver: ddim(),
    steps: drawSteps,
    clip: 1,
    guidance,
    condition: { classes: wanted },
  });
  const made = await drawSamples(sampler, { shape: [count, size, size, 3], rng });
  const samples = (await made.data()).map((value) =>
    Math.min(Math.max((value + 1) / 2, 0), 1),
  ) as Float32Array;
  made.dispose();
  wanted.dispose();
  return { diffusion, samples, shape: [count, size, size, 3] };
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  const began = performance.now();
  const onStep = (step: number, loss: number) =>
    process.stdout.write(
      `\r${chosen}: step ${step}, loss ${loss.toFixed(4)}, ${((performance.now() - began) / 1000).toFixed(0)} s  `,
    );
  const { samples, shape } = await main({ onStep });
  const sheet = makeGrid({ data: samples, shape });
  await writeFile(new URL("sheet.png", import.meta.url), encodeImage(sheet).png);
  console.log(`\nsheet.png: rows of ${classes.join(", ")}`);
}
