// Teaches a small StyleNet to copy pictures of shapes (seed 0, 800 batches of four, Adam at 5e-3: half a minute) and writes copying-painter.safetensors
// next to this file. Its copies of unseen pictures correlate with them by 0.67: instance norms hide the brightness of a picture from it.
//   node packages/interpret/stories/nets/train-copying-painter.ts
import { useBackend } from "@pellucid/backends";
import { adam, batches, fit, mseLoss, Rng } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { tensor4d } from "@tensorflow/tfjs-core";
import { StyleNet } from "../../src/style/style-net.ts";
import { correlation } from "../measures.ts";
import { shapes } from "./shapes-net.ts";

await useBackend({ only: "wasm" });
const painter = new StyleNet({ rng: new Rng(0), channels: 8, blocks: 2 });
const { train, test } = shapes(2000, 40);
const { data } = train.load().images;
const copies = {
  length: 3200,
  get(index: number) {
    const from = (index % 2000) * 3072;
    const picture = { data: data.subarray(from, from + 3072), shape: [32, 32, 3] as const };
    return { x: picture, y: picture };
  },
};
const how = { loss: mseLoss, optimizer: adam({ learningRate: 5e-3 }), epochs: 1, logEvery: 100 };
for await (const event of fit(painter, batches(copies, { size: 4 }), how)) {
  if (event.kind === "step") process.stdout.write(`${event.step}: ${event.loss.toFixed(4)}\n`);
}
const unseen = tensor4d(test.load().images.data, [40, 32, 32, 3]);
const painted = painter.forward(unseen);
const [given, made] = await Promise.all([unseen.data(), painted.data()]);
const correlations = Array.from({ length: 40 }, (_, i) =>
  correlation(given.subarray(i * 3072, (i + 1) * 3072), made.subarray(i * 3072, (i + 1) * 3072)),
);
process.stdout.write(`unseen: ${(correlations.reduce((a, b) => a + b) / 40).toFixed(3)} correlation\n`);
await writeWeights(`${import.meta.dirname}/copying-painter.safetensors`, painter);
