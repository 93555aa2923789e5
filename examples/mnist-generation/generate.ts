import { Rng } from "@pellucid/core-train";
import type { LabeledImages, Splits } from "@pellucid/datasets";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { autoencoderErrors } from "./autoencoder.ts";
import { drawImages, trainDiffusion } from "./diffusion.ts";
import { distanceOf, type FeatureNet, rows, trainFeatures } from "./features.ts";
import { costOf, trainVae } from "./vae.ts";

export type Images = Splits<LabeledImages<Uint8Array>>;

/** Trains the autoencoder, and says what an unseen image costs. */
export async function vaeCost({ train, test }: Images, { seed = 0, epochs = 10, onStep = silent } = {}) {
  const model = await trainVae(train, { rng: new Rng(seed), epochs, onEpoch: onStep });
  const cost = costOf(model, test);
  model.dispose();
  return cost;
}

/** Trains the notes' autoencoder, and says how well it reconstructs unseen images, compared with PCA. */
export function autoencoderCost(data: Images, { seed = 0, epochs = 10, onStep = silent } = {}) {
  return autoencoderErrors(data, { rng: new Rng(seed), epochs, onEpoch: onStep });
}

/** Trains the diffusion model, draws, and measures: how far its samples, real images and noise are from unseen images. */
export async function diffusionDistance(
  { train, test }: Images,
  { seed = 0, steps = 2500, count = 500, epochs = 5, onStep = silent } = {},
) {
  const rng = new Rng(seed);
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

function silent(_step: number, _loss: number): void {}
