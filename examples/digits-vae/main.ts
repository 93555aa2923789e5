// A variational autoencoder of the digits: how many nats an image costs, and digits that nobody wrote.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  batches,
  Optimizer,
  Rng,
  TensorDataset,
  trainable,
  trainStep,
  yieldToEventLoop,
} from "@pellucid/core-train";
import { digits, type LabeledImages } from "@pellucid/datasets";
import { importanceWeightedElbo, negativeElbo, Vae } from "@pellucid/generative";
import { type Tensor, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** Trains, and measures on the unseen digits: all in nats per image. */
export async function main({ epochs = 150, seed = 0 } = {}) {
  const { train, test } = await digits();
  const rng = new Rng(seed);
  const model = new Vae(64, { rng, hiddenFeatures: 256, latentFeatures: 8 });
  const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(model));
  const data = batches(new TensorDataset({ x: pixels(train) }), { size: 64, shuffle: true, rng });
  const elbo = (x: Tensor) => {
    const { logits, posterior } = model.forward(x);
    return negativeElbo(logits, x, posterior);
  };
  for (let epoch = 0; epoch < epochs; epoch++)
    for await (const { x } of data) {
      await trainStep(model, optimizer, () => elbo(x).loss);
      await yieldToEventLoop();
    }
  const x = tensor2d(pixels(test).data, [test.length, 64]);
  const numbers = tidy(() => {
    const { loss, reconstruction, divergence } = elbo(x);
    const bound = importanceWeightedElbo(model, x, { rng, samples: 50 });
    return [loss, reconstruction, divergence, bound].map((value) => value.dataSync()[0] as number);
  });
  const [loss, reconstruction, divergence, weighted] = numbers as [number, number, number, number];
  return { loss, reconstruction, divergence, weighted, model };
}

/** Pixels from 0 to 1, one row per image. */
function pixels({ images, length }: LabeledImages<Uint8Array>) {
  return { data: Float32Array.from(images.data, (value) => value / 16), shape: [length, 64] as const };
}

/** An image in letters, dark to light. */
export function drawn(image: readonly number[]): string {
  const ink = " .:-=+*#%@";
  const rows = Array.from({ length: 8 }, (_, row) => image.slice(8 * row, 8 * row + 8));
  return rows.map((row) => row.map((v) => ink[Math.min(9, Math.floor(10 * v))]).join("")).join("\n");
}

if (import.meta.main) {
  await useBackend();
  const { loss, reconstruction, divergence, weighted, model } = await main();
  const [bound, error, code, tighter] = [loss, reconstruction, divergence, weighted].map((n) => n.toFixed(2));
  console.log(`an unseen digit costs ${bound} nats: ${error} for its pixels, ${code} for its code`);
  console.log(`by 50 codes each, ${tighter}`);
  const images = model.sample(4, { rng: new Rng(1) }).arraySync() as number[][];
  for (const image of images) console.log(`${drawn(image)}\n`);
}
