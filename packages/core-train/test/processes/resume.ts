// Trains a small network up to a step and writes a checkpoint for each backend: `node resume.ts STEPS TO [FROM]`, from the start or
// from a checkpoint. Everything that has a state is in it: normalization, dropout, momenta, a schedule, and the order of the data.
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  BatchNorm2d,
  batches,
  Conv2d,
  crossEntropy,
  Dropout,
  Flatten,
  Linear,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  stepLr,
  TensorDataset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { readCheckpoint, writeCheckpoint } from "@pellucid/core-train/node";

const [steps, to, from] = process.argv.slice(2) as [string, string, string?];

const drawn = new Rng(7);
const images = new TensorDataset({
  x: { data: drawn.randn([36, 6, 6, 1]).data, shape: [36, 6, 6, 1] },
  y: { data: drawn.randint(0, 3, [36]).data, shape: [36] },
});

for (const backend of ["cpu", "wasm"] as const) {
  await useBackend({ only: backend });
  const rng = new Rng(0);
  const model = new Sequential(
    new Conv2d(1, 4, 3, { rng }),
    new BatchNorm2d(4),
    new ReLU(),
    new Flatten(),
    new Dropout(0.3, { rng }),
    new Linear(64, 3, { rng }),
  );
  const learningRate = stepLr(0.01, { stepSize: 4, gamma: 0.7 });
  const optimizer = new Optimizer(adamw({ learningRate }), trainable(model));
  const data = batches(images, { size: 8, shuffle: true, rng });
  let step = 0;
  if (from !== undefined) {
    const parts = { model, optimizer, rng, data };
    ({ step } = await readCheckpoint<{ step: number }>(`${from}-${backend}`, parts));
  }
  while (step < Number(steps)) {
    for await (const { x, y } of data) {
      await trainStep(model, optimizer, () => crossEntropy(model.forward(x), y));
      if (++step === Number(steps)) break;
    }
  }
  await writeCheckpoint(`${to}-${backend}`, { model, optimizer, rng, data, step });
}
