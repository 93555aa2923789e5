// Trains a small detector without anchors on drawn circles, squares and triangles, and measures it as COCO does.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  batches,
  cosineAnnealingLr,
  fit,
  type FitEvent,
  mapDataset,
  perEpoch,
  Rng,
} from "@pellucid/core-train";
import { progressBar } from "@pellucid/core-train/node";
import { type ShapeScenes, shapeScenes } from "@pellucid/datasets";
import {
  AnchorFreeDetector,
  anchorFreeLoss,
  ConvBackbone,
  MeanAveragePrecision,
  padObjects,
} from "@pellucid/detection";

/** A detector of 80 thousand parameters: three stages, and a head on the last one, of 8×8 positions. */
export function shapesDetector(rng: Rng): AnchorFreeDetector {
  return new AnchorFreeDetector(new ConvBackbone(3, [16, 32, 48], { rng }), 3, {
    rng,
    width: 32,
    depth: 1,
    bins: 8,
  });
}

/** COCO's numbers on the images of a dataset. */
export async function measure(model: AnchorFreeDetector, scenes: ShapeScenes) {
  const metric = new MeanAveragePrecision();
  for (let i = 0; i < scenes.length; i++) {
    const scene = scenes.get(i);
    metric.update(await model.detect(scene.image), scene);
  }
  return metric.compute();
}

/** Trains and measures; `watch` sees the events. */
export async function main({
  epochs = 20,
  train: images = 600,
  test: unseen = 150,
  watch = (events: AsyncIterable<FitEvent>) => events,
} = {}) {
  const { train, test } = shapeScenes({ seed: 0, train: images, test: unseen });
  const rng = new Rng(0);
  const model = shapesDetector(rng);
  const scenes = mapDataset(train, ({ image, boxes, labels }) => ({
    x: image,
    y: padObjects({ boxes, labels }, 3),
  }));
  const data = batches(scenes, { size: 16, shuffle: true, rng });
  const learningRate = perEpoch(cosineAnnealingLr(4e-3, { tMax: epochs }), Math.ceil(train.length / 16));
  for await (const _ of watch(
    fit(model, data, { loss: anchorFreeLoss, optimizer: adam({ learningRate }), epochs }),
  ));
  return { model, ...(await measure(model, test)) };
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  console.log(`Training on ${chosen}.`);
  const { map, map50, map75 } = await main({ watch: progressBar });
  console.log(
    `\nmAP ${map.toFixed(3)}, at an IoU of 0.5 ${map50.toFixed(3)}, at 0.75 ${map75.toFixed(3)}, on 150 unseen images.`,
  );
}
