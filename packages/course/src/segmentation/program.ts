import {
  abs,
  adam,
  batches,
  disposeLeaves,
  fit,
  intercept,
  loadWeights,
  mapDataset,
  oneCycleLr,
  Optimizer,
  Rng,
  trainable,
  valueAndGradients,
  withoutInit,
} from "@pellucid/core-train";
import { type Scene, shapeScenes } from "@pellucid/datasets";
import { pixelScore, saliency } from "@pellucid/interpret";
import { segmentationLoss, SegmentationMetrics, UNet } from "@pellucid/segmentation";
import {
  add,
  argMax,
  concat,
  dispose,
  slice,
  sum,
  type Tensor,
  tensor2d,
  type Tensor2D,
  tensor3d,
  type Tensor3D,
  tensor4d,
  type Tensor4D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";

export const side = 32;
export const classes = ["background", "circle", "square", "triangle"] as const;

/** The label of a pixel that no stroke has touched: it does not count. */
export const unmarked = 255;

const scenes = shapeScenes({
  seed: 0,
  size: side,
  train: 600,
  test: 40,
  objects: [1, 2],
  background: "plain",
  noise: 0.02,
});

/** Pictures that the network never saw, and some that it was trained on. */
export const unseenScenes = (): Scene[] =>
  Array.from({ length: scenes.test.length }, (_, i) => scenes.test.get(i));
export const seenScenes = (): Scene[] => Array.from({ length: 4 }, (_, i) => scenes.train.get(i));

const makeNet = (rng: Rng) => new UNet(3, classes.length, { rng, channels: 8, depth: 2 });

/** Trains the network of the page. */
export async function train(epochs: number): Promise<UNet> {
  const rng = new Rng(0);
  const net = makeNet(rng);
  const pairs = mapDataset(scenes.train, ({ image, semantic }) => ({ x: image, y: semantic }));
  const data = batches(pairs, { size: 8, shuffle: true, rng });
  const learningRate = oneCycleLr(2e-2, { totalSteps: epochs * data.length, pctStart: 0.2 });
  const optimizer = adam({ learningRate });
  for await (const _ of fit(net, data, { loss: segmentationLoss, optimizer, epochs }));
  return net;
}

/** The trained network of 30,000 weights. */
export function trained(weights: ArrayBuffer): UNet {
  const net = withoutInit(() => makeNet(new Rng(0)));
  loadWeights(net, weights);
  return net;
}

/** What goes through a skip connection: its map, nothing, or the map of the next picture of the batch. */
export type Skip = "on" | "off" | "other";

const changes: Readonly<Record<Exclude<Skip, "on">, (map: Tensor4D) => Tensor4D>> = {
  off: zerosLike,
  other: (map) => {
    const rest = [map.shape[0] - 1, ...map.shape.slice(1)] as typeof map.shape;
    return concat([slice(map, [1, 0, 0, 0], rest), slice(map, [0, 0, 0, 0], [1, -1, -1, -1])]);
  },
};

/** The logits with the skip connections at full and at half size as said. */
export function forwardWith(net: UNet, pictures: Tensor4D, skips: readonly Skip[]): Tensor4D {
  const run = skips.reduce<() => Tensor4D>(
    (inner, skip, level) => () => {
      const layer = net.skips[level];
      return skip === "on" || layer === undefined ? inner() : intercept(layer, changes[skip] as never, inner);
    },
    () => net.forward(pictures),
  );
  return run(); // [batch, height, width, class]
}

/** Pictures as one batch. */
export function batchOf(all: readonly Scene[]): Tensor4D {
  const data = Float32Array.from(all.flatMap(({ image }) => [...image.data]));
  return tensor4d(data, [all.length, side, side, 3]);
}

/** The class of each pixel. */
export async function labelsOf(net: UNet, pictures: Tensor4D, skips: readonly Skip[]): Promise<Int32Array> {
  const labels = tidy(() => argMax(forwardWith(net, pictures, skips), -1)); // [batch, height, width]
  const values = (await labels.data()) as Int32Array;
  labels.dispose();
  return values;
}

/** The mean IoU of pictures. */
export async function meanIou(net: UNet, all: readonly Scene[], skips: readonly Skip[]): Promise<number> {
  const pictures = batchOf(all);
  const metrics = new SegmentationMetrics(classes.length);
  metrics.add(
    await labelsOf(net, pictures, skips),
    all.flatMap(({ semantic }) => [...semantic.data]),
  );
  pictures.dispose();
  return metrics.compute();
}

const rowsOf = <T extends Tensor>(x: T, start: number, count: number): T =>
  slice(x, [start, ...x.shape.slice(1).map(() => 0)], [count, ...x.shape.slice(1)]);

/** Fine-tunes on the marked pixels of one picture, and on known pictures where some are given; the statistics of the batch norms stay. */
export async function correct(
  net: UNet,
  {
    scene,
    marks,
    known,
    steps = 20,
  }: { scene: Scene; marks: Int32Array; known: readonly Scene[]; steps?: number },
): Promise<void> {
  const all = [scene, ...known];
  const pictures = batchOf(all);
  const wanted = Int32Array.from([...marks, ...known.flatMap(({ semantic }) => [...semantic.data])]);
  const labels: Tensor3D = tensor3d(wanted, [all.length, side, side], "int32");
  const weights = trainable(net);
  const optimizer = new Optimizer(adam({ learningRate: 3e-3 }), weights);
  for (let step = 0; step < steps; step++) {
    const { value, gradients } = valueAndGradients(weights, () => {
      const logits = net.forward(pictures); // [batch, height, width, class]
      const mine = segmentationLoss(rowsOf(logits, 0, 1), rowsOf(labels, 0, 1));
      if (known.length === 0) return mine;
      return add(mine, segmentationLoss(rowsOf(logits, 1, -1), rowsOf(labels, 1, -1)));
    });
    optimizer.step(gradients);
    disposeLeaves({ value, gradients });
  }
  optimizer.dispose();
  dispose([pictures, labels]);
}

/** How much each pixel of the picture counts for the class of one pixel: the size of the gradient. */
export async function lookedAt(
  net: UNet,
  picture: Tensor4D,
  [row, column]: readonly [number, number],
  label: number,
): Promise<Float32Array> {
  const mask: Tensor2D = tensor2d(
    Float32Array.from({ length: side * side }, (_, i) => Number(i === row * side + column)),
    [side, side],
  );
  const score = pixelScore(net, label, { mask });
  const map = tidy(() => sum(abs(saliency<Tensor4D>(score)(picture)), 3)); // [1, height, width]
  const values = Float32Array.from(await map.data());
  dispose([mask, map]);
  return values;
}

/** What goes through the skip connections of the five measurements: at full size, at half size. */
export const settings: readonly (readonly [name: string, skips: readonly Skip[]])[] = [
  ["both on", ["on", "on"]],
  ["no full size", ["off", "on"]],
  ["no half size", ["on", "off"]],
  ["both off", ["off", "off"]],
  ["swapped", ["other", "other"]],
];
