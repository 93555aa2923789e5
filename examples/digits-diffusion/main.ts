// A diffusion model learns the UCI digits, makes new ones, and is measured by the features of a classifier.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  AveragedModel,
  ema,
  Optimizer,
  Rng,
  trainable,
  trainStep,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { digits, type LabeledImages } from "@pellucid/datasets";
import {
  cosineSchedule,
  ddim,
  ddpm,
  drawSamples,
  frechetDistance,
  GaussianDiffusion,
  nearestExamples,
  randomTensor,
  type Solver,
} from "@pellucid/generative";
import {
  clone,
  div,
  gather,
  sub,
  type Tensor,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import { features, trainedClassifier } from "./classifier.ts";
import { DigitDenoiser } from "./digit-denoiser.ts";
import { draw } from "./draw.ts";

/** Pixels from −1 to 1, one row per digit. */
const rows = ({ images }: LabeledImages<Uint8Array>): Tensor2D =>
  tidy(() => sub(div(tensor2d(Float32Array.from(images.data), [images.shape[0], 64]), 8), 1));

/** Trains, and measures samples of several solvers. */
export async function main({
  steps = 6000,
  samples = 1000,
  onStep = (_step: number, _loss: number): void => {},
} = {}) {
  const { train, test } = await digits();
  const rng = new Rng(0);
  const model = new DigitDenoiser({ rng });
  const diffusion = new GaussianDiffusion(model, { schedule: cosineSchedule(200), minSnrGamma: 5 });
  const averaged = new AveragedModel(model, { average: ema(0.999) });
  const optimizer = new Optimizer(
    adam({ learningRate: (step) => 2e-3 * (1 - step / (steps + 1)) }),
    trainable(diffusion),
  );
  const all = rows(train);
  for (let step = 1; step <= steps; step++) {
    const chosen = tensor1d([...rng.randint(0, train.length, [128]).data], "int32");
    const x0 = gather(all, chosen);
    const loss = trainStep(diffusion, optimizer, () => diffusion.loss(x0, { rng }));
    averaged.update();
    x0.dispose();
    chosen.dispose();
    if (step % 100 !== 0) continue;
    onStep(step, await loss);
    await yieldToEventLoop();
  }
  averaged.apply();

  const classifier = await trainedClassifier(all, train.labels.data);
  const measure = async (x: Tensor2D, reference: Tensor2D): Promise<number> => {
    const [a, b] = [features(classifier, reference), features(classifier, x)];
    const { distance } = await frechetDistance(a, b);
    a.dispose();
    b.dispose();
    return distance;
  };
  const unseen = rows(test);
  const noise = randomTensor([samples, 64], rng) as Tensor2D;
  const floor = await measure(all, unseen);
  const ofNoise = await measure(noise, unseen);
  const solvers: Record<string, { solver: Solver; steps?: number; clip?: number }> = {
    "DDPM, 200 steps": { solver: ddpm(), clip: 1 },
    "DDIM, 20 steps": { solver: ddim(), steps: 20 },
    "DDIM, 20 steps, clipped": { solver: ddim(), steps: 20, clip: 1 },
    "DDIM, 50 steps, clipped": { solver: ddim(), steps: 50, clip: 1 },
  };
  const distances: Record<string, number> = {};
  let sheet: Tensor | null = null;
  for (const [name, options] of Object.entries(solvers)) {
    const made = await drawSamples(diffusion.sampler(options), { shape: [samples, 64], rng });
    distances[name] = await measure(made as Tensor2D, unseen);
    sheet ??= clone(made);
    made.dispose();
  }
  const made = sheet as Tensor2D;
  const copies = await nearestExamples(made, all);
  const ratio = copies.map((copy) => copy.ratio).toSorted((a, b) => a - b)[Math.floor(samples / 2)];
  return { diffusion, averaged, distances, floor, noise: ofNoise, samples: made, medianRatio: ratio };
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  console.log(`Training on ${chosen}.`);
  const onStep = (step: number, loss: number) =>
    process.stdout.write(`\rstep ${step}, loss ${loss.toFixed(4)}  `);
  const { distances, floor, noise, samples, medianRatio } = await main({ onStep });
  console.log(`\nFréchet distances from 450 unseen digits, by the features of a classifier:`);
  for (const [name, distance] of Object.entries(distances)) console.log(`  ${name}: ${distance.toFixed(2)}`);
  console.log(`  other real digits: ${floor.toFixed(2)}; noise: ${noise.toFixed(1)}`);
  console.log(
    `The median distance of 1000 samples from the nearest training digit is ${(medianRatio ?? 0).toFixed(2)} times that digit's own.`,
  );
  console.log(draw([...(await samples.data())].slice(0, 8 * 64)));
}
