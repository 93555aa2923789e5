// Trains a small network up to a step and writes a checkpoint: `node resume.ts BACKEND STEPS TO [FROM]`, from the start or from a
// checkpoint. Everything that has a state is in it: normalization, dropout, momenta, a schedule, and the order of the data.
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  BatchNorm1d,
  batches,
  crossEntropy,
  Dropout,
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

const [backend, steps, to, from] = process.argv.slice(2) as ["cpu" | "wasm", string, string, string?];
await useBackend({ only: backend });

const drawn = new Rng(7);
const points = new TensorDataset({
  x: { data: drawn.randn([36, 16]).data, shape: [36, 16] },
  y: { data: drawn.randint(0, 3, [36]).data, shape: [36] },
});

const rng = new Rng(0);
const model = new Sequential(
  new Linear(16, 24, { rng }),
  new BatchNorm1d(24),
  new ReLU(),
  new Dropout(0.3, { rng }),
  new Linear(24, 3, { rng }),
);
const learningRate = stepLr(0.01, { stepSize: 4, gamma: 0.7 });
const optimizer = new Optimizer(adamw({ learningRate }), trainable(model));
const data = batches(points, { size: 8, shuffle: true, rng });

let step = 0;
if (from !== undefined)
  ({ step } = await readCheckpoint<{ step: number }>(from, { model, optimizer, rng, data }));
while (step < Number(steps)) {
  for await (const { x, y } of data) {
    await trainStep(model, optimizer, () => crossEntropy(model.forward(x), y));
    if (++step === Number(steps)) break;
  }
}
await writeCheckpoint(to, { model, optimizer, rng, data, step });
