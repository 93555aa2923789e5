// What an autoencoder costs an unseen digit in nats, and what a diffusion model draws: of MNIST, or of CIFAR's photographs.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { encodeImage, makeGrid } from "@pellucid/core-train/tensorboard";
import { cifar10, type LabeledImages, mnist10k, type Splits } from "@pellucid/datasets";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { drawImages, trainDiffusion } from "./diffusion.ts";
import { distanceOf, type FeatureNet, rows, trainFeatures } from "./features.ts";
import { costOf, trainVae } from "./vae.ts";

export type Images = Splits<LabeledImages<Uint8Array>>;

/** Trains the autoencoder, and says what an unseen image costs. */
export async function vaeCost({ train, test }: Images, { seed = 0, epochs = 10, log = silent } = {}) {
  const onEpoch = (epoch: number, loss: number) => log(`epoch ${epoch}: ${loss.toFixed(2)} nats`);
  const model = await trainVae(train, { rng: new Rng(seed), epochs, onEpoch });
  const cost = costOf(model, test);
  model.dispose();
  return cost;
}

/** Trains the diffusion model, draws, and measures: how far its samples, real images and noise are from unseen images. */
export async function diffusionDistance(
  { train, test }: Images,
  { seed = 0, steps = 2500, count = 500, epochs = 5, log = silent } = {},
) {
  const rng = new Rng(seed);
  const onStep = (step: number, loss: number) => log(`step ${step}: ${loss.toFixed(4)}`);
  const diffusion = await trainDiffusion(train, { rng, steps, onStep });
  const [, height, width, channels] = train.images.shape;
  const shape = [height, width, channels] as const;
  const samples = await drawImages(diffusion, shape, { rng, count });
  diffusion.dispose();
  return { samples, shape, ...(await distances({ train, test }, samples, { epochs, count })) };
}

/** Fréchet distances from the unseen images, by the features of a classifier. */
export async function distances(
  { train, test }: Images,
  samples: Float32Array,
  { epochs = 5, count = 500 } = {},
) {
  const net = await trainFeatures(train, { rng: new Rng(1), epochs });
  const real = featuresOf(net, test);
  const pixels = net.first.inFeatures;
  const trained = rows(train).data.subarray(0, count * pixels);
  const noise = new Rng(2).randn([count, pixels]).data.map((value) => Math.min(Math.max(value, -1), 1));
  const found = {
    drawn: await distanceOf(net, real, samples),
    real: await distanceOf(net, real, trained),
    noise: await distanceOf(net, real, noise),
  };
  real.dispose();
  net.dispose();
  return found;
}

function featuresOf(net: FeatureNet, images: LabeledImages<Uint8Array>): Tensor2D {
  const { data, shape } = rows(images);
  const x = tensor2d(data, shape);
  const features = net.features(x);
  x.dispose();
  return features;
}

function silent(_line: string): void {}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: "string", default: "mnist" },
      seed: { type: "string", default: "0" },
      steps: { type: "string", default: "2500" },
      samples: { type: "string" }, // a file of float32 pixels from −1 to 1 to measure, such as pytorch.py's
    },
  });
  const { chosen } = await useBackend();
  const root = process.env["PELLUCID_DATA"]; // a folder with mnist/ and cifar10/; otherwise they are downloaded
  const source = root === undefined ? {} : { folder: `${root}/${values.data}` };
  const photographs = async () => ({
    train: await cifar10({ split: "train", ...source, files: ["data_batch_1.bin"] }),
    test: await cifar10({ split: "test", ...source }),
  });
  const data = values.data === "cifar10" ? await photographs() : await mnist10k(source);
  const [seed, steps] = [Number(values.seed), Number(values.steps)];
  const log = (line: string) => process.stdout.write(`\r${chosen}: ${line}   `);
  if (positionals[0] === "vae") {
    const { reconstruction, divergence } = await vaeCost(data, { seed, log });
    const whole = (reconstruction + divergence).toFixed(2);
    console.log(
      `\nan unseen image costs ${whole} nats: ${reconstruction.toFixed(2)} for its pixels, ${divergence.toFixed(2)} for its code`,
    );
  } else if (values.samples !== undefined) {
    const { buffer, byteOffset, length } = await readFile(values.samples);
    console.log(await distances(data, new Float32Array(buffer.slice(byteOffset, byteOffset + length))));
  } else {
    const { samples, shape, drawn, real, noise } = await diffusionDistance(data, { seed, steps, log });
    const pixels = shape[0] * shape[1] * shape[2];
    const shown = samples.subarray(0, 40 * pixels).map((value) => (value + 1) / 2);
    const grid = makeGrid({ data: shown, shape: [40, ...shape] });
    const sheet = new URL(`sheet-${values.data}.png`, import.meta.url);
    await writeFile(sheet, encodeImage(grid).png);
    console.log(
      `\nFréchet distances from unseen images: drawn ${drawn.toFixed(2)}, real ${real.toFixed(2)}, noise ${noise.toFixed(1)}; see ${sheet.pathname}`,
    );
  }
}
