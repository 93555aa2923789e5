// The twins of fixtures/torch/replay.py: nothing but the seed goes in, PyTorch's losses come out.
import { useBackend } from "@pellucid/backends";
import { adam, batches, Optimizer, Rng, TensorDataset, trainable, trainStep } from "@pellucid/core-train";
import { digits } from "@pellucid/datasets";
import {
  DcganDiscriminator,
  DcganGenerator,
  discriminatorStep,
  generatorStep,
  negativeElbo,
  Vae,
} from "@pellucid/generative";
import { fixture } from "@pellucid/testing";
import { tensor2d, type Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const wanted = fixture<{ vae: number[]; dcgan: [number, number][] }>(
  import.meta.url,
  "../fixtures/torch/replay.json",
);
const near = { rtol: 0, atol: 1e-4 };

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const pixels = async (change: (value: number) => number) =>
  Float32Array.from((await digits()).all.images.data, change);

test("a variational autoencoder: the losses are PyTorch's, iteration by iteration", async () => {
  const rng = new Rng(0);
  const model = new Vae(64, { rng, hiddenFeatures: 32, latentFeatures: 4 });
  const images = new TensorDataset({ x: { data: await pixels((value) => value / 16), shape: [1797, 64] } });
  const data = batches(images, { size: 64, shuffle: true, rng });
  const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(model));
  const losses: number[] = [];
  while (losses.length < wanted.vae.length)
    for await (const { x } of data) {
      const loss = await trainStep(model, optimizer, () => {
        const { logits, posterior } = model.forward(x);
        return negativeElbo(logits, x, posterior).loss;
      });
      if (losses.push(loss) === wanted.vae.length) break;
    }
  expect(losses).toBeAllclose(wanted.vae, near);
});

test("DCGAN: the losses of both networks are PyTorch's, iteration by iteration", async () => {
  const rng = new Rng(0);
  const small = { rng, imageSize: 8, imageChannels: 1, channels: 4 };
  const generator = new DcganGenerator({ ...small, latentFeatures: 8 });
  const discriminator = new DcganDiscriminator(small);
  const networks = { generator, discriminator };
  const images = new TensorDataset({
    x: { data: await pixels((value) => value / 8 - 1), shape: [1797, 8, 8, 1] },
  });
  const data = batches(images, { size: 64, shuffle: true, rng });
  const make = () => adam({ learningRate: 2e-4, betas: [0.5, 0.999] });
  const ofDiscriminator = new Optimizer(make(), trainable(discriminator));
  const ofGenerator = new Optimizer(make(), trainable(generator));
  const losses: [number, number][] = [];
  while (losses.length < wanted.dcgan.length)
    for await (const { x } of data) {
      const [batch] = x.shape;
      const noise = tensor2d(rng.randn([batch, 8]).data, [batch, 8]);
      const judged = await discriminatorStep(networks, ofDiscriminator, x as Tensor4D, noise);
      const made = await generatorStep(networks, ofGenerator, noise);
      noise.dispose();
      if (losses.push([judged, made]) === wanted.dcgan.length) break;
    }
  expect(losses.flat()).toBeAllclose(wanted.dcgan.flat(), near);
});
