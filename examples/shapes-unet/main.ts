// A small U-Net finds the outlines of circles, squares and triangles.
import { useBackend } from "@pellucid/backends";
import { adam, batches, evaluate, fit, type FitEvent, mapDataset, Rng } from "@pellucid/core-train";
import { progressBar } from "@pellucid/core-train/node";
import { type ShapeScenes, shapeScenes } from "@pellucid/datasets";
import { checkMasks, SegmentationMetrics, segmentationLoss, UNet } from "@pellucid/segmentation";

const toPairs = (scenes: ShapeScenes) =>
  mapDataset(scenes, ({ image, semantic }) => ({ x: image, y: semantic }));

/** Trains and measures; `watch` sees the events. */
export async function main({ epochs = 6, watch = (events: AsyncIterable<FitEvent>) => events } = {}) {
  const rng = new Rng(0);
  const { train, test } = shapeScenes({ seed: 0 });
  const classes = ["background", ...train.classes];
  const masks = Array.from({ length: train.length }, (_, i) => train.get(i).semantic);
  checkMasks(masks, classes.length);
  const model = new UNet(3, classes.length, { rng, channels: 8, depth: 3 });
  const data = batches(toPairs(train), { size: 8, shuffle: true, rng });
  const validation = batches(toPairs(test), { size: 50 });
  const iou = new SegmentationMetrics(classes.length);
  const measure = { loss: segmentationLoss, metrics: { iou } };
  for await (const _ of watch(
    fit(model, data, { ...measure, optimizer: adam({ learningRate: 2e-3 }), epochs }),
  ));
  const { metrics } = await evaluate(model, validation, measure);
  const perClass = Object.fromEntries(classes.map((name, i) => [name, iou.scores().iou[i] ?? 0]));
  return { model, meanIou: metrics["iou"] ?? 0, perClass };
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  console.log(`Training on ${chosen}.`);
  const { meanIou, perClass } = await main({ watch: progressBar });
  console.log(`\nMean IoU ${meanIou.toFixed(3)} on 150 unseen pictures.`);
  for (const [name, iou] of Object.entries(perClass)) console.log(`${name} ${iou.toFixed(3)}`);
}
