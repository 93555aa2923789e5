// Trains the nets that have read plays (seed 0, 12 windows of 64 characters a step) and writes plays-….safetensors beside this file:
//   PELLUCID_DATA=… node packages/interpret/stories/nets/train-plays.ts gpt     1,500 steps
//   PELLUCID_DATA=… node packages/interpret/stories/nets/train-plays.ts mamba   600 steps
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  chain,
  clipByGlobalNorm,
  cosineAnnealingLr,
  crossEntropy,
  Optimizer,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { tinyShakespeare } from "@pellucid/datasets";
import { reshape, type Tensor1D, tensor1d, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
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
const descent = chain(clipByGlobalNorm(1), adamw({ learningRate, betas: [0.9, 0.99], weightDecay: 0.1 }));
const optimizer = new Optimizer(descent, trainable(model));
let mean = 0;
for (let step = 1; step <= steps; step++) {
  const starts = [...rng.randint(0, text.train.length - window, [size]).data].map(Number);
  const taken = (shift: number) =>
    Int32Array.from(
      starts.flatMap((start) => [...text.train.subarray(start + shift, start + shift + window)]),
    );
  const x: Tensor2D = tensor2d(taken(0), [size, window], "int32");
  const y: Tensor1D = tensor1d(taken(1), "int32");
  const loss = await trainStep(model, optimizer, () => {
    const logits = model.forward(x); // [batch, time, token]; a Mamba's has some rows that stand for nothing
    return crossEntropy(reshape(logits, [size * window, -1]) as Tensor2D, y);
  });
  mean = step === 1 ? loss : 0.98 * mean + 0.02 * loss;
  x.dispose();
  y.dispose();
  if (step % 100 === 0) process.stdout.write(`step ${step}: loss ${mean.toFixed(3)}\n`);
}
await writeWeights(`${import.meta.dirname}/plays-${which}.safetensors`, model);
