// Trains the U-Net of digits by class (seed 0, 1,000 steps of Adam, an average of the weights: a minute) and writes digit-unet.safetensors next to this file:
//   node packages/interpret/stories/nets/train-digit-unet.ts
import { useBackend } from "@pellucid/backends";
import { adam, AveragedModel, ema, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { digits } from "@pellucid/datasets";
import { dropClasses } from "@pellucid/generative";
import { tensor1d, tensor4d } from "@tensorflow/tfjs-core";
import { untrained } from "./digit-unet.ts";

await useBackend({ only: "wasm" });
const rng = new Rng(0);
const { net, diffusion } = untrained(rng);
const { train } = await digits();
const averaged = new AveragedModel(net, { average: ema(0.995) });
const [steps, batch] = [1000, 16];
const learningRate = (step: number) => 4e-3 * Math.min(1, step / 100) * (1 - step / (steps + 1));
const optimizer = new Optimizer(adam({ learningRate }), trainable(net));
for (let step = 1; step <= steps; step++) {
  const chosen = [...rng.randint(0, train.length, [batch]).data];
  const pixels = chosen.flatMap((i) => [...train.images.data.subarray(64 * i, 64 * (i + 1))]);
  const x0 = tensor4d(
    pixels.map((ink) => ink / 8 - 1),
    [batch, 8, 8, 1],
  );
  const own = tensor1d(
    chosen.map((i) => train.labels.data[i] ?? -1),
    "int32",
  );
  const classes = dropClasses(own, 0.1, { rng });
  const loss = trainStep(net, optimizer, () => diffusion.loss(x0, { rng, condition: { classes } }));
  averaged.update();
  for (const tensor of [x0, own, classes]) tensor.dispose();
  if (step % 50 === 0) {
    const seconds = (process.cpuUsage().user / 1e6).toFixed(0);
    process.stdout.write(`${step}: ${(await loss).toFixed(4)}, ${seconds} s\n`);
  }
}
averaged.apply();
await writeWeights(`${import.meta.dirname}/digit-unet.safetensors`, net);
