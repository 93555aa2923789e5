// R-CNN and Fast R-CNN: selective search proposes regions, a network says what is in each and refines its box. One runs on each region, the other once on the picture.
import { useBackend } from "@pellucid/backends";
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
import { type ShapeScenes, shapeScenes } from "@pellucid/datasets";
import {
  type BoxArray,
  boxArray,
  ConvBackbone,
  FastRCNN,
  MeanAveragePrecision,
  RCNN,
  selectiveSearch,
  totalLoss,
} from "@pellucid/detection";
import { dispose, tensor3d } from "@tensorflow/tfjs-core";

type Scene = ReturnType<ShapeScenes["get"]>;

interface Example {
  readonly scene: Scene;
  readonly proposals: BoxArray;
}

const size = 64;
const classes = 4; // circle, square and triangle, and 0, the background
const box = { batchSizePerImage: 32, nmsThresh: 0.3 };

/** What each detector finds: the mean average precision at an IoU of 0.5, and the milliseconds of a picture once its regions are proposed. */
export interface Result {
  readonly map50: number;
  readonly milliseconds: number;
}

function proposed(scenes: ShapeScenes): Example[] {
  return Array.from({ length: scenes.length }, (_, i) => {
    const scene = scenes.get(i);
    return { scene, proposals: boxArray(selectiveSearch(scene.image, { minSize: 20 })) };
  });
}

/** Each region goes through three stages of convolutions, as 32×32 pixels with four of its surroundings at each edge. */
function rcnn(rng: Rng): RCNN {
  const backbone = new ConvBackbone(3, [16, 32, 48], { rng });
  return new RCNN(backbone, classes, { rng, regionSize: 32, context: 4, representationSize: 64, box });
}

/** The picture goes through the same stages once, and each region is pooled from the maps of the last two. */
function fastRcnn(rng: Rng): FastRCNN {
  const body = new ConvBackbone(3, [16, 32, 48], { rng, outputs: 2 });
  const backbone = new BackboneWithFPN(body, 32, { rng });
  return new FastRCNN(backbone, classes, { rng, minSize: size, maxSize: size, representationSize: 64, box });
}

const picturesOf = (examples: readonly Example[]) =>
  examples.map(({ scene: { image } }) => tensor3d(image.data, [...image.shape]));

async function train(model: RCNN | FastRCNN, examples: readonly Example[], epochs: number, rng: Rng) {
  const count = examples.length;
  const indices = { data: Float32Array.from(examples.keys()), shape: [count] };
  const data = batches(new TensorDataset({ x: indices, y: indices }), { size: 4, shuffle: true, rng });
  const learningRate = cosineAnnealingLr(2e-3, { tMax: epochs * Math.ceil(count / 4) });
  const optimizer = new Optimizer(adam({ learningRate }), trainable(model));
  for (let epoch = 0; epoch < epochs; epoch++)
    for await (const { x, y } of data) {
      const batch = Array.from(await x.data(), (i) => examples[i] as Example);
      const pictures = picturesOf(batch);
      const targets = batch.map(({ scene: { boxes, labels } }) => ({
        boxes,
        labels: labels.data.map((label) => label + 1), // 0 is the background
      }));
      const proposals = batch.map((example) => example.proposals);
      await trainStep(model, optimizer, () => totalLoss({ ...model.losses(pictures, targets, proposals) }));
      dispose([x, y, ...pictures]);
    }
  optimizer.dispose();
}

async function measure(model: RCNN | FastRCNN, examples: readonly Example[]): Promise<Result> {
  const metric = new MeanAveragePrecision();
  let spent = 0;
  for (const example of examples) {
    const pictures = picturesOf([example]);
    const began = performance.now();
    const [found] = await model.detect(pictures, [example.proposals]);
    spent += performance.now() - began;
    dispose(pictures);
    if (found === undefined) throw new Error("the detector gave no result");
    metric.update({ ...found, labels: found.labels.map((label) => label - 1) }, example.scene);
  }
  return { map50: metric.compute().map50, milliseconds: spent / examples.length };
}

/** Trains both on the same proposals, and measures them on unseen pictures. */
export async function main({ pictures = 160, unseen = 60, epochs = 8 } = {}) {
  const scenes = shapeScenes({ seed: 0, size, train: pictures, test: unseen });
  const [seen, others] = [proposed(scenes.train), proposed(scenes.test)];
  const learned = async (make: (rng: Rng) => RCNN | FastRCNN): Promise<Result> => {
    const rng = new Rng(0);
    const model = make(rng);
    await train(model, seen, epochs, rng);
    const result = await measure(model, others);
    model.dispose();
    return result;
  };
  const regions = others.reduce((sum, { proposals }) => sum + proposals.data.length / 4, 0) / others.length;
  return { regions, rcnn: await learned(rcnn), fast: await learned(fastRcnn) };
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  console.log(`Training on ${chosen}.`);
  const { regions, ...results } = await main();
  console.log(`${regions.toFixed(0)} regions are proposed of a picture.`);
  for (const [name, { map50, milliseconds }] of Object.entries(results))
    console.log(
      `${name === "rcnn" ? "R-CNN" : "Fast R-CNN"}: mAP ${map50.toFixed(3)} at an IoU of 0.5, ${milliseconds.toFixed(1)} ms a picture.`,
    );
}
