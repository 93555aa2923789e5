// Trains the diffusion model of digits (seed 0, 6,000 steps of Adam, an average of the weights: half a minute) and writes digit-diffusion.safetensors next to this file:
//   node packages/interpret/stories/nets/train-digit-diffusion.ts
import { useBackend } from "@pellucid/backends";
import { adam, AveragedModel, ema, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { gather, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { type DigitDenoiser, digitRows, untrained } from "./digit-diffusion.ts";

await useBackend({ only: "wasm" });
const rng = new Rng(0);
const diffusion = untrained(rng);
const rows = tensor2d(await digitRows("train"));
const averaged = new AveragedModel(diffusion.model as DigitDenoiser, { average: ema(0.999) });
const steps = 6000;
const learningRate = (step: number) => 3e-3 * (1 - step / (steps + 1));
const optimizer = new Optimizer(adam({ learningRate }), trainable(diffusion));
for (let step = 1; step <= steps; step++) {
  const chosen = tensor1d([...rng.randint(0, rows.shape[0], [128]).data], "int32");
  const x0 = gather(rows, chosen);
  const loss = trainStep(diffusion, optimizer, () => diffusion.loss(x0, { rng }));
  averaged.update();
  x0.dispose();
  chosen.dispose();
  if (step % 500 === 0) process.stdout.write(`${step}: ${(await loss).toFixed(4)}\n`);
}
averaged.apply();
await writeWeights(`${import.meta.dirname}/digit-diffusion.safetensors`, diffusion.model);
