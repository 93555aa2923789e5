import {
  adam,
  BackboneWithFPN,
  batches,
  cosineAnnealingLr,
  Optimizer,
  Rng,
  TensorDataset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  AnchorGenerator,
  ConvBackbone,
  FastRCNNPredictor,
  FasterRCNN,
  totalLoss,
  TwoMLPHead,
} from "@pellucid/detection";
import { dispose, type Tensor3D, tensor3d } from "@tensorflow/tfjs-core";
import { detecting, type DrawnScenes, recipe } from "./work.ts";

type Scene = ReturnType<DrawnScenes["get"]>;

const pictureOf = ({ data, shape }: Scene["image"]): Tensor3D =>
  tensor3d(data, shape as [number, number, number]);

/** Two stages: proposals on all maps, then a class and a box for each from its own features. The backbone is that of one stage. */
const contestant = detecting(async (scenes) => {
  const rng = new Rng(0);
  const body = new ConvBackbone(3, [16, 32, 48], { rng, outputs: 2 });
  const model = new FasterRCNN(new BackboneWithFPN(body, 32, { rng }), 4, {
    rng,
    boxHead: new TwoMLPHead(32 * 49, 64, { rng }),
    boxPredictor: new FastRCNNPredictor(64, 4, { rng }),
    minSize: 64,
    maxSize: 64,
    anchorGenerator: new AnchorGenerator([[8], [16], [32]]),
    rpn: {
      preNmsTopN: { training: 200, testing: 100 },
      postNmsTopN: { training: 60, testing: 30 },
      batchSizePerImage: 64,
    },
    box: { batchSizePerImage: 32 },
  });
  const { epochs, size, images } = recipe;
  const index = { data: Float32Array.from({ length: images }, (_, i) => i), shape: [images] };
  const data = batches(new TensorDataset({ x: index, y: index }), { size, shuffle: true, rng });
  const learningRate = cosineAnnealingLr(recipe.learningRate, { tMax: (epochs * images) / size });
  const optimizer = new Optimizer(adam({ learningRate }), trainable(model));
  for (let epoch = 0; epoch < epochs; epoch++) {
    for await (const { x, y } of data) {
      const batch = Array.from(await x.data(), (i) => scenes.get(i));
      const pictures = batch.map(({ image }) => pictureOf(image));
      const targets = batch.map(({ boxes, labels }) => ({
        boxes,
        labels: labels.data.map((label) => label + 1), // 0 is the background
      }));
      await trainStep(model, optimizer, () => totalLoss(model.losses(pictures, targets)));
      dispose([x, y, ...pictures]);
    }
  }
  optimizer.dispose();
  return async (image) => {
    const picture = pictureOf(image);
    const [found] = await model.detect([picture]);
    picture.dispose();
    if (found === undefined) throw new Error("the detector gave no result");
    return { ...found, labels: found.labels.map((label) => label - 1) };
  };
});

export const prepare = (backend: string) => contestant.prepare(backend);
export const quality = () => contestant.quality();
