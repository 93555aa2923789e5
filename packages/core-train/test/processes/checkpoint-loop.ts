// Trains, and writes a checkpoint after every step, until it is killed. Says "ready" once the first one is there.
import "@tensorflow/tfjs-backend-cpu";
import { adam, Linear, mseLoss, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { writeCheckpoint } from "@pellucid/core-train/node";
import { tensor } from "@tensorflow/tfjs-core";

const path = process.argv[2] as string;
const rng = new Rng(0);
const model = new Linear(64, 512, { rng }); // large enough for a write to take a while
const optimizer = new Optimizer(adam(), trainable(model));
const [x, y] = [tensor(rng.randn([4, 64]).data, [4, 64]), tensor(rng.randn([4, 512]).data, [4, 512])];
for (let step = 1; ; step++) {
  await trainStep(model, optimizer, () => mseLoss(model.forward(x), y));
  await writeCheckpoint(path, { model, optimizer, rng, step });
  if (step === 1) process.stdout.write("ready");
}
