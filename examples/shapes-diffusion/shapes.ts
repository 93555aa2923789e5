import {
  adam,
  AveragedModel,
  compile,
  ema,
  Optimizer,
  Rng,
  trainable,
  trainStep,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { shapeImages } from "@pellucid/datasets";
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

const size = 16;
const pixels = size * size * 3;
export const classes = ["circle", "square", "triangle"] as const;

/** Trains, draws each class, and counts the pictures in which the shape that was asked for is found. */
export async function drawShapes({
  share = 1,
  steps = Math.round(700 * share),
  batch = 32,
  dim = 32,
  drawSteps = 25,
  perClass = 8,
  scale = 1.5,
  onStep = (_step: number, _loss: number): void => {},
} = {}) {
  const look = { background: "plain", edges: "smooth", noise: 0 } as const;
  const { train } = shapeImages({ seed: 0, train: 4000, test: 1, size, classes: [...classes], ...look });
  const { images, labels } = train.load();
  const rng = new Rng(0);
  const net = new BlockUnet({ rng, numClasses: classes.length, dim });
  const options = { schedule: cosineSchedule(200), objective: "pred_x0", minSnrGamma: "uniform" } as const;
  const diffusion = new GaussianDiffusion(net, options);
  const averaged = new AveragedModel(net, { average: ema(0.99) });
  const learningRate = (step: number) => 2e-3 * Math.min(1, step / 100) * (1 - step / (steps + 1));
  const optimizer = new Optimizer(adam({ learningRate }), trainable(net));
  const learn = compile((x0: Tensor4D, own: Tensor1D) =>
    trainStep(net, optimizer, () =>
      diffusion.loss(x0, { rng, condition: { classes: dropClasses(own, 0.15, { rng }) } }),
    ),
  );
  await learn.ready;
  for (let step = 1; step <= steps; step++) {
    const chosen = [...rng.randint(0, labels.data.length, [batch]).data];
    const values = new Float32Array(batch * pixels);
    for (const [k, i] of chosen.entries())
      for (let at = 0; at < pixels; at++)
        values[k * pixels + at] = 2 * (images.data[i * pixels + at] ?? NaN) - 1;
    const x0 = tensor4d(values, [batch, size, size, 3]);
    const own = tensor1d(
      chosen.map((i) => labels.data[i] ?? NaN),
      "int32",
    );
    const loss = learn(x0, own);
    averaged.update();
    for (const held of [x0, own]) held.dispose();
    if (step % 50 !== 0) continue;
    onStep(step, await loss);
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
