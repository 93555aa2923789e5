import { tensor2d, tidy } from "@tensorflow/tfjs-core";
import { main as autoencoder } from "../digits-autoencoder/main.ts";
import { main as digitsDiffusion } from "../digits-diffusion/main.ts";
import { main as forger } from "../digits-gan/main.ts";
import { main as vae } from "../digits-vae/main.ts";
import { main as ring } from "../gan-ring/main.ts";
import { autoencoderCost, diffusionDistance, type Images, vaeCost } from "../mnist-generation/generate.ts";
import { main as moons } from "../real-nvp-moons/main.ts";
import { drawShapes } from "../shapes-diffusion/shapes.ts";
import type { Made, Running } from "./made.ts";

const of = (count: number, share: number): number => Math.max(1, Math.round(count * share));

/** The examples, each with the number that it prints in Node. */
export const programs: Readonly<Record<string, (how: Running) => Promise<Made>>> = {
  "Autoencoder of digits": async ({ share }) => {
    const { curved, linear } = await autoencoder({ epochs: of(150, share) });
    return { said: `2 numbers: error ${curved.toFixed(4)}, PCA's ${linear.toFixed(4)}` };
  },
  "Variational autoencoder of digits": async ({ share, rng }) => {
    const { loss, model } = await vae({ epochs: of(150, share) });
    const data = tidy(() => model.sample(16, { rng }).dataSync());
    return {
      said: `an unseen digit costs ${loss.toFixed(2)} nats`,
      pictures: { data, count: 16, size: 8, channels: 1 },
    };
  },
  "Two networks and a ring of eight Gaussians": async ({ share }) => {
    const { modes, quality } = await ring({ steps: of(5000, share) });
    return { said: `${modes} of 8 modes, ${(100 * quality).toFixed(0)} % near one` };
  },
  "A forger of digits": async ({ share }) => {
    const { found, distance, samples } = await forger({
      epochs: of(60, share),
      samples: share < 1 ? 100 : 500,
    });
    const data = samples.subarray(0, 16 * 64).map((value) => (value + 1) / 2);
    return {
      said: `${found} of 10 digits, at a distance of ${(distance ?? NaN).toFixed(1)}`,
      pictures: { data, count: 16, size: 8, channels: 1 },
    };
  },
  "A flow of two moons": async ({ share }) => {
    const { nll, integral, flow } = await moons({ steps: of(3000, share) });
    const size = 64;
    const points = Float32Array.from({ length: 2 * size * size }, (_, i) => {
      const pixel = i >> 1;
      return i % 2 === 0 ? ((pixel % size) / size) * 5 - 2.5 : 2.5 - (Math.floor(pixel / size) / size) * 5;
    });
    const logs = tidy(() => flow.logProb(tensor2d(points, [size * size, 2])).dataSync());
    const data = Float32Array.from(logs, (log) => Math.min(1, Math.exp(log)));
    return {
      said: `an unseen point costs ${nll.toFixed(3)} nats; the density integrates to ${integral.toFixed(3)}`,
      pictures: { data, count: 1, size, channels: 1 },
    };
  },
  "Diffusion of digits": async ({ share, onStep }) => {
    const count = share < 1 ? 100 : 1000;
    const { distances, samples } = await digitsDiffusion({ steps: of(6000, share), samples: count, onStep });
    const [distance = NaN] = Object.values(distances);
    const data = Float32Array.from(await samples.data(), (value) => (value + 1) / 2);
    return {
      said: `a Fréchet distance of ${distance.toFixed(2)} from unseen digits`,
      pictures: { data, count: 16, size: 8, channels: 1 },
    };
  },
  "Diffusion of colored shapes": async ({ share, onStep }) => {
    const { samples, seen, right, size } = await drawShapes({ share, onStep });
    return {
      said: `${right} of ${seen.length} are the shape that was asked for`,
      pictures: { data: samples, count: seen.length, size, channels: 3 },
    };
  },
};

/** The same of images that are downloaded first: MNIST, and photographs. */
export const ofImages = (images: () => Promise<Images>) =>
  ({
    autoencoder: async ({ share }: Running): Promise<Made> => {
      const { curved, linear } = await autoencoderCost(await images(), { epochs: of(10, share) });
      return { said: `3 numbers: error ${curved.toFixed(4)}, PCA's ${linear.toFixed(4)}` };
    },
    vae: async ({ share }: Running): Promise<Made> => {
      const { reconstruction, divergence } = await vaeCost(await images(), { epochs: of(10, share) });
      return { said: `an unseen image costs ${(reconstruction + divergence).toFixed(2)} nats` };
    },
    diffusion: async ({ share, onStep }: Running): Promise<Made> => {
      const found = await diffusionDistance(await images(), { steps: of(2500, share), onStep });
      const { drawn, samples, shape } = found;
      const [size, , channels] = shape;
      const data = samples.map((value) => (value + 1) / 2);
      return {
        said: `a Fréchet distance of ${drawn.toFixed(1)} from unseen images`,
        pictures: { data, count: 16, size, channels: channels === 1 ? 1 : 3 },
      };
    },
  }) as const;
