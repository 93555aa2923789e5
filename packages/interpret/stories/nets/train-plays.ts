// Trains the nets that have read plays (seed 0, 12 windows of 64 characters a step) and writes plays-….safetensors next to this file:
//   PELLUCID_DATA=… node packages/interpret/stories/nets/train-plays.ts gpt     1,500 steps
//   PELLUCID_DATA=… node packages/interpret/stories/nets/train-plays.ts mamba   600 steps
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  chain,
  clipGradNorm,
  cosineAnnealingLr,
  batches,
  crossEntropy,
  fit,
  Rng,
} from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { tinyShakespeare } from "@pellucid/datasets";
import { reshape, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import { characters, playsGpt, playsMamba } from "./plays.ts";

const which = process.argv[2] === "mamba" ? "mamba" : "gpt";
await useBackend({ only: "wasm" });
const root = process.env["PELLUCID_DATA"];
const text = await tinyShakespeare(root === undefined ? {} : { folder: join(root, "text") });
if (text.vocabulary.characters.join("") !== characters.characters.join(""))
  throw new Error("Other characters.");
const [size, window, first] = [12, 64, 3e-3];
const steps = which === "gpt" ? 1500 : 600;
const rng = new Rng(0);
const model = which === "gpt" ? playsGpt(rng) : playsMamba(rng);
const learningRate = cosineAnnealingLr(first, { tMax: steps, etaMin: first / 10 });
const descent = chain(clipGradNorm(1), adamw({ learningRate, betas: [0.9, 0.99], weightDecay: 0.1 }));
/** Windows at random, and what follows each of their characters. */
async function* windows() {
  for (let step = 0; step < steps; step++)
    for (const start of rng.randint(0, text.train.length - window, [size]).data) {
      const taken = (shift: number) =>
        text.train.subarray(Number(start) + shift, Number(start) + shift + window);
      yield await Promise.resolve({ x: taken(0), y: taken(1) });
    }
}
// logits: [batch, time, token]; a Mamba's has some rows that stand for nothing
const loss = (logits: Tensor3D, y: Tensor2D) =>
  crossEntropy(reshape(logits, [y.size, logits.shape[2]]), reshape(y, [y.size]));
const how = { loss, optimizer: descent, epochs: 1, logEvery: 100 };
for await (const event of fit(model, batches(windows(), { size }), how)) {
  if (event.kind === "step") process.stdout.write(`step ${event.step}: loss ${event.loss.toFixed(3)}\n`);
}
await writeWeights(`${import.meta.dirname}/plays-${which}.safetensors`, model);
