import { adam, batches, cosineAnnealingLr, fit, mapDataset, Rng } from "@pellucid/core-train";
import { AnchorFreeDetector, anchorFreeLoss, ConvBackbone, padObjects } from "@pellucid/detection";
import { detecting, recipe } from "./work.ts";

/** One stage: every point of the last map says what is there and how far the edges of its box are. */
const contestant = detecting(async (scenes) => {
  const rng = new Rng(0);
  const backbone = new ConvBackbone(3, [16, 32, 48], { rng });
  const model = new AnchorFreeDetector(backbone, 3, { rng, width: 32, depth: 1, bins: 8 });
  const items = mapDataset(scenes, ({ image, boxes, labels }) => ({
    x: image,
    y: padObjects({ boxes, labels }, 3),
  }));
  const { epochs, size, images } = recipe;
  const learningRate = cosineAnnealingLr(recipe.learningRate, { tMax: (epochs * images) / size });
  const data = batches(items, { size, shuffle: true, rng });
  for await (const _ of fit(model, data, {
    loss: anchorFreeLoss,
    optimizer: adam({ learningRate }),
    epochs,
  }));
  return (image) => model.detect(image);
});

export const prepare = (backend: string) => contestant.prepare(backend);
export const quality = () => contestant.quality();
