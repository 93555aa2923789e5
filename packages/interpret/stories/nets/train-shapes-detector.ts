// Trains the detector of shapes (seed 0, 10 epochs of Adam) and writes shapes-detector.safetensors next to this file:
//   node packages/interpret/stories/nets/train-shapes-detector.ts
import { useBackend } from "@pellucid/backends";
import { adam, batches, fit, mapDataset, oneCycleLr, Rng } from "@pellucid/core-train";
import { writeWeights } from "@pellucid/core-train/node";
import { anchorFreeLoss, MeanAveragePrecision, padObjects } from "@pellucid/detection";
import { detectorScenes, makeShapesDetector } from "./shapes-detector.ts";

await useBackend({ only: "wasm" });
const { train, test } = detectorScenes();
const rng = new Rng(0);
const model = makeShapesDetector(rng);
const padded = mapDataset(train, (scene) => ({ x: scene.image, y: padObjects(scene, 2) }));
const data = batches(padded, { size: 16, shuffle: true, rng });
const epochs = 10;
const learningRate = oneCycleLr(8e-3, { totalSteps: epochs * data.length, pctStart: 0.2 });
for await (const event of fit(model, data, {
  loss: anchorFreeLoss,
  optimizer: adam({ learningRate }),
  epochs,
}))
  if (event.kind === "epoch") process.stdout.write(`epoch ${event.epoch}: loss ${event.loss.toFixed(3)}\n`);
const metric = new MeanAveragePrecision();
for (let i = 0; i < test.length; i++) metric.update(await model.detect(test.get(i).image), test.get(i));
process.stdout.write(`mAP at an IoU of 0.5: ${metric.compute().map50.toFixed(3)}\n`);
await writeWeights(`${import.meta.dirname}/shapes-detector.safetensors`, model);
