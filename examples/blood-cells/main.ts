// A detector without anchors finds red and white blood cells and platelets in pictures of a microscope.
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  BackboneWithFPN,
  oneCycleLr,
  Optimizer,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  AnchorGenerator,
  ConvBackbone,
  FCOS,
  FCOSHead,
  MeanAveragePrecision,
  totalLoss,
} from "@pellucid/detection";
import { dispose, type Tensor3D, tensor3d } from "@tensorflow/tfjs-core";
import { bloodCells, classes, type Slide } from "./blood-cells.ts";

/** FCOS on a small backbone, with maps of every fourth, eighth and sixteenth pixel. */
export function cellDetector(rng: Rng, size: readonly [height: number, width: number]): FCOS {
  const body = new ConvBackbone(3, [16, 24, 32, 48], { rng, outputs: 3 });
  const backbone = new BackboneWithFPN(body, 32, { rng, extraBlocks: null });
  const head = new FCOSHead(32, 1, classes.length, { rng, numConvs: 2 });
  return new FCOS(backbone, classes.length, {
    rng,
    head,
    minSize: Math.min(...size),
    maxSize: Math.max(...size),
    transform: { sizeDivisible: 8 },
    anchorGenerator: new AnchorGenerator([[4], [8], [16]], [[1]]),
    scoreThresh: 0.05,
  });
}

/** A slide mirrored, drawn as in the same program in PyTorch. */
function mirrored({ picture, boxes, labels }: Slide, [down, across]: readonly [boolean, boolean]) {
  const [height = 0, width = 0] = picture.shape;
  const data = new Float32Array(picture.data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = ((down ? height - 1 - y : y) * width + (across ? width - 1 - x : x)) * 3;
      data.set(picture.data.subarray(from, from + 3), (y * width + x) * 3);
    }
  const flip = (a: number, b: number, length: number, does: boolean) =>
    does ? [length - b, length - a] : [a, b];
  return {
    picture: tensor3d(data, [height, width, 3]),
    target: {
      labels,
      boxes: boxes.map(([x1, y1, x2, y2]) => {
        const [left = NaN, right = NaN] = flip(x1, x2, width, across);
        const [top = NaN, bottom = NaN] = flip(y1, y2, height, down);
        return [left, top, right, bottom];
      }),
    },
  };
}

/** COCO's numbers of a detector on slides, and the mean precision at an IoU of 0.5 of each class. */
export async function measure(model: FCOS, slides: readonly Slide[]) {
  const metric = new MeanAveragePrecision();
  for (const { picture, boxes, labels } of slides) {
    const image: Tensor3D = tensor3d(picture.data, picture.shape as [number, number, number]);
    const [found] = await model.detect([image]);
    image.dispose();
    if (found !== undefined) metric.update(found, { boxes: { data: boxes.flat() }, labels });
  }
  const { map, map50 } = metric.compute();
  return { map, map50 };
}

/** Trains on slides; all have one size. */
export async function main({
  seen,
  unseen,
  epochs = 8,
  size = 4,
  onStep = (_step: number, _loss: number): void => {},
}: {
  readonly seen: readonly Slide[];
  readonly unseen: readonly Slide[];
  readonly epochs?: number;
  /** Slides of a batch. */
  readonly size?: number;
  readonly onStep?: (step: number, loss: number) => void;
}) {
  const rng = new Rng(0);
  const [height = 0, width = 0] = seen[0]?.picture.shape ?? [];
  const model = cellDetector(rng, [height, width]);
  const steps = epochs * Math.floor(seen.length / size);
  const learningRate = oneCycleLr(4e-3, { totalSteps: steps, pctStart: 0.2 });
  const optimizer = new Optimizer(adam({ learningRate }), trainable(model));
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = rng.randperm(seen.length);
    for (let start = 0; start + size <= seen.length; start += size) {
      const mirrors = rng.randint(0, 2, [size, 2]).data;
      const batch = Array.from(order.subarray(start, start + size), (i, n) =>
        mirrored(seen[i] as Slide, [mirrors[2 * n] === 1, mirrors[2 * n + 1] === 1]),
      );
      const pictures = batch.map(({ picture }) => picture);
      const targets = batch.map(({ target }) => target);
      const loss = await trainStep(model, optimizer, () => totalLoss(model.losses(pictures, targets)));
      dispose(pictures);
      onStep(++step, loss);
    }
  }
  optimizer.dispose();
  return { model, ...(await measure(model, unseen)) };
}

if (import.meta.main) {
  const root = process.env["PELLUCID_DATA"];
  if (root === undefined)
    throw new Error("Set PELLUCID_DATA to a folder that has bccd/JPEGImages and so on.");
  await useBackend();
  const folder = join(root, "bccd");
  const [seen, unseen] = [await bloodCells(folder, "trainval"), await bloodCells(folder, "test")];
  const onStep = (step: number, loss: number) => {
    if (step <= 3 || step % 50 === 0) console.log(`step ${step}: loss ${loss.toFixed(4)}`);
  };
  const { map, map50 } = await main({ seen, unseen, onStep });
  console.log(`${unseen.length} unseen slides: mAP ${map.toFixed(3)}, at an IoU of 0.5 ${map50.toFixed(3)}.`);
}
