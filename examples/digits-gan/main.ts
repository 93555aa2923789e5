// A generator draws digits, and a discriminator says which are real; a classifier counts which digits are drawn, and how far they are from real ones.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  batches,
  Optimizer,
  Rng,
  TensorDataset,
  trainable,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { digits, type LabeledImages } from "@pellucid/datasets";
import {
  DcganDiscriminator,
  DcganGenerator,
  discriminatorStep,
  frechetDistance,
  generatorStep,
} from "@pellucid/generative";
import { argMax, reshape, type Tensor2D, tensor2d, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { type Classifier, features, trainedClassifier } from "../digits-diffusion/classifier.ts";
import { draw } from "../digits-diffusion/draw.ts";

const latent = 16;

/** Trains both networks, draws, and measures the samples. */
export async function main({
  epochs = 60,
  samples: count = 500,
  seed = 0,
  onEpoch = (_epoch: number, _losses: readonly number[]): void => {},
} = {}) {
  const { train, test } = await digits();
  const rng = new Rng(seed);
  const size = { rng, imageSize: 8, imageChannels: 1, channels: 16 };
  const generator = new DcganGenerator({ ...size, latentFeatures: latent });
  const discriminator = new DcganDiscriminator(size);
  const networks = { generator, discriminator };
  const make = (learningRate: number) => adam({ learningRate, betas: [0.5, 0.999] });
  const ofDiscriminator = new Optimizer(make(2e-3), trainable(discriminator));
  const ofGenerator = new Optimizer(make(1e-3), trainable(generator));
  const noise = (rows: number) => tensor2d(rng.randn([rows, latent]).data, [rows, latent]);
  const images = { data: pixels(train), shape: [train.length, 8, 8, 1] as const };
  const data = batches(new TensorDataset({ x: images }), { size: 64, shuffle: true, rng });
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let losses: readonly number[] = [];
    for await (const { x } of data) {
      const z = noise(x.shape[0]);
      losses = [
        await discriminatorStep(networks, ofDiscriminator, x as Tensor4D, z),
        await generatorStep(networks, ofGenerator, z),
      ];
      z.dispose();
      await yieldToEventLoop();
    }
    onEpoch(epoch, losses);
  }
  const real = tensor2d(pixels(train), [train.length, 64]);
  const unseen = tensor2d(pixels(test), [test.length, 64]);
  const classifier = await trainedClassifier(real, train.labels.data);
  const z = noise(count);
  const made = tidy(() => reshape(generator.forward(z), [count, 64]) as Tensor2D);
  const noisy = tensor2d(rng.randn([count, 64]).data, [count, 64]);
  const [distance, floor, ofNoise] = await Promise.all(
    [made, real, noisy].map((x) => distanceOf(classifier, unseen, x)),
  );
  const named = await tidy(() => argMax(classifier.forward(made), 1)).data();
  const shares = Array.from({ length: 10 }, (_, digit) => named.filter((n) => n === digit).length / count);
  const found = shares.filter((share) => share >= 0.01).length; // a tenth of its share at least
  const samples = Float32Array.from(await made.data());
  for (const held of [real, unseen, z, made, noisy]) held.dispose();
  return { samples, shares, found, distance, floor, noise: ofNoise };
}

/** Pixels from −1 to 1. */
const pixels = ({ images }: LabeledImages<Uint8Array>): Float32Array =>
  Float32Array.from(images.data, (pixel) => pixel / 8 - 1);

async function distanceOf(classifier: Classifier, unseen: Tensor2D, x: Tensor2D): Promise<number> {
  const [a, b] = [features(classifier, unseen), features(classifier, x)];
  const { distance } = await frechetDistance(a, b);
  a.dispose();
  b.dispose();
  return distance;
}

if (import.meta.main) {
  await useBackend();
  const onEpoch = (epoch: number, losses: readonly number[]) =>
    process.stdout.write(`\repoch ${epoch}: ${losses.map((loss) => loss.toFixed(3)).join(", ")}  `);
  const { samples, found, distance, floor, noise } = await main({ onEpoch });
  const text = [distance, floor, noise].map((value) => (value ?? NaN).toFixed(1));
  console.log(
    `\n${found} of 10 digits; a Fréchet distance of ${text[0]}, real digits ${text[1]}, noise ${text[2]}`,
  );
  console.log(draw([...samples.subarray(0, 8 * 64)]));
}
