import {
  adam,
  batches,
  cosineAnnealingLr,
  type Image,
  Optimizer,
  Rng,
  TensorDataset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  type BoxArray,
  boxArray,
  type FastRCNN,
  type RCNN,
  selectiveSearch,
  totalLoss,
} from "@pellucid/detection";
import { dispose, tensor3d } from "@tensorflow/tfjs-core";
import { detecting, recipe } from "./work.ts";

const proposalsOf = (image: Image): BoxArray => boxArray(selectiveSearch(image, { minSize: 20 }));
const pictureOf = ({ data, shape }: Image) => tensor3d(data, [...shape]);

/** They read each picture four times, which is enough where regions are given. */
const epochs = 4;

/** A detector of the regions that selective search proposes, which is a part of each step. */
export const onProposals = (make: (rng: Rng) => RCNN | FastRCNN) =>
  detecting(async (scenes) => {
    const rng = new Rng(0);
    const model = make(rng);
    const { size, images } = recipe;
    const proposals = Array.from({ length: images }, (_, i) => proposalsOf(scenes.get(i).image));
    const index = { data: Float32Array.from({ length: images }, (_, i) => i), shape: [images] };
    const data = batches(new TensorDataset({ x: index, y: index }), { size, shuffle: true, rng });
    const learningRate = cosineAnnealingLr(recipe.learningRate, { tMax: (epochs * images) / size });
    const optimizer = new Optimizer(adam({ learningRate }), trainable(model));
    for (let epoch = 0; epoch < epochs; epoch++)
      for await (const { x, y } of data) {
        const chosen = Array.from(await x.data());
        const batch = chosen.map((i) => scenes.get(i));
        const pictures = batch.map(({ image }) => pictureOf(image));
        const targets = batch.map(({ boxes, labels }) => ({
          boxes,
          labels: labels.data.map((label) => label + 1), // 0 is the background
        }));
        const own = chosen.map((i) => proposals[i] as BoxArray);
        await trainStep(model, optimizer, () => totalLoss({ ...model.losses(pictures, targets, own) }));
        dispose([x, y, ...pictures]);
      }
    optimizer.dispose();
    return async (image) => {
      const picture = pictureOf(image);
      const [found] = await model.detect([picture], [proposalsOf(image)]);
      picture.dispose();
      if (found === undefined) throw new Error("the detector gave no result");
      return { ...found, labels: found.labels.map((label) => label - 1) };
    };
  });
