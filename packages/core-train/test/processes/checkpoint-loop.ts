// Trains, and writes a checkpoint after every step, until it is killed. Says "ready" once the first one is there.
import { flushCompileCache } from "node:module";
import "@tensorflow/tfjs-backend-cpu";
import { adam, Linear, mseLoss, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { writeCheckpoint } from "@pellucid/core-train/node";
import { tensor } from "@tensorflow/tfjs-core";

const path = process.argv[2] as string;
const rng = new Rng(0);
const model = new Linear(32, 256, { rng });
const optimizer = new Optimizer(adam(), trainable(model));
const [x, y] = [tensor(rng.randn([4, 32]).data, [4, 32]), tensor(rng.randn([4, 256]).data, [4, 256])];
for (let step = 1; ; step++) {
  await trainStep(model, optimizer, () => mseLoss(model.forward(x), y));
  await writeCheckpoint(path, { model, optimizer, rng, step });
  if (step > 1) continue;
  flushCompileCache(); // the next process starts faster; this one will not come to its end
  process.stdout.write("ready");
}
