// Ten steps of Adam of the detectors of one stage, and of the nets for one object, against PyTorch in 64 bits, where each is written from its paper, from weights by a formula.
import { useBackend } from "@pellucid/backends";
import { adam, type Conv2d, type Module, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import {
  AnchorFreeDetector,
  anchorFreeLoss,
  anchorLoss,
  anchorTarget,
  type BoxSize,
  ConvBackbone,
  gridLoss,
  gridTarget,
  landmarkLoss,
  LandmarkNet,
  localizationLoss,
  LocalizationNet,
  localizationTarget,
  padObjects,
  YoloAnchors,
  YoloGrid,
} from "@pellucid/detection";
import { fixture, hashed } from "@pellucid/testing";
import {
  dispose,
  fill,
  memory,
  type Rank,
  type Tensor,
  tensor2d,
  tensor3d,
  type Tensor4D,
  tensor4d,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { fillByFormula } from "./detectors/fill-by-formula.ts";

interface Case {
  readonly name: string;
  readonly losses: number[];
  /** How far PyTorch's 32 bits are from its 64. */
  readonly apart: number;
}

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/ten-steps-one-stage.json");

const size = 64;
const scenes = [
  {
    boxes: { data: [5, 8, 30, 40, 40, 10, 62, 30, 33, 35, 50, 55] },
    labels: { data: [1, 0, 1] },
  },
  { boxes: { data: [10, 12, 40, 60] }, labels: { data: [0] } },
];
const anchors: BoxSize[][] = [
  [
    [12, 14],
    [20, 18],
  ],
  [[28, 40]],
];
const options = { numClasses: 2, imageSize: [size, size] } as const;

function pictures(): Tensor4D {
  const values = [0, 1].flatMap((i) =>
    Array.from(hashed(3 * size * size, 50 + i), (x) => Math.fround(x) + 0.5),
  );
  return tensor4d(values, [2, size, size, 3]);
}

/** The targets of both pictures in one tensor's numbers. */
const both = (target: (scene: (typeof scenes)[number]) => { readonly data: ArrayLike<number> }) =>
  scenes.flatMap((scene) => Array.from(target(scene).data));

interface Training {
  readonly model: Module;
  readonly loss: (x: Tensor4D) => Tensor;
  readonly targets: readonly Tensor[];
}

const trainings: Readonly<Record<string, (rng: Rng) => Training>> = {
  YoloGrid: (rng) => {
    const model = new YoloGrid(new ConvBackbone(3, [4, 6, 8], { rng }), 2, { rng });
    const target = tensor4d(
      both((scene) => gridTarget(scene, { ...options, grid: [8, 8] })),
      [2, 8, 8, 7],
    );
    return { model, targets: [target], loss: (x) => gridLoss(model.forward(x), target) };
  },
  LocalizationNet: (rng) => {
    const model = new LocalizationNet(new ConvBackbone(3, [4, 6, 8], { rng }), 2, { rng });
    const target = tensor2d(
      both((scene) => localizationTarget(scene, options)),
      [2, 7],
    );
    return { model, targets: [target], loss: (x) => localizationLoss(model.forward(x), target) };
  },
  LandmarkNet: (rng) => {
    const model = new LandmarkNet(new ConvBackbone(3, [4, 6, 8], { rng }), 3, { rng });
    const target = tensor2d([
      [1, 0.25, 0.5, 0.75, 0.5, 0.5, 0.125],
      [0, 0, 0, 0, 0, 0, 0],
    ]);
    return { model, targets: [target], loss: (x) => landmarkLoss(model.forward(x), target) };
  },
  YoloAnchors: (rng) => {
    const model = new YoloAnchors(new ConvBackbone(3, [4, 6, 8], { rng, outputs: 2 }), 2, anchors, { rng });
    const target = tensor3d(
      both((scene) => anchorTarget(scene, { ...options, maps: model.maps })),
      [2, 16 * 16 * 2 + 8 * 8, 8],
    );
    return { model, targets: [target], loss: (x) => anchorLoss(model.forward(x), target) };
  },
  AnchorFreeDetector: (rng) => {
    const backbone = new ConvBackbone(3, [4, 6, 8], { rng, outputs: 2 });
    const model = new AnchorFreeDetector(backbone, 2, { rng, width: 8, depth: 1, bins: 8 });
    const most = 4;
    const boxes = tensor3d(
      both((scene) => padObjects(scene, most).boxes),
      [2, most, 4],
    );
    const labels = tensor2d(
      both((scene) => padObjects(scene, most).labels),
      [2, most],
      "int32",
    );
    const loss = (x: Tensor4D) => anchorFreeLoss(model.forward(x), { boxes, labels }, { most: 5 });
    return { model, targets: [boxes, labels], loss };
  },
};

beforeAll(() => useBackend({ only: "wasm" }));

test.for(cases)("$name", async ({ name, losses, apart }) => {
  const before = memory().numTensors;
  const { model, targets, loss } = (trainings[name] as (rng: Rng) => Training)(new Rng(0));
  await fillByFormula(model);
  const bias = fill<Rank.R1>([2], -Math.log(99));
  if (model instanceof AnchorFreeDetector)
    for (const { layers } of model.classHeads) (layers.at(-1) as Conv2d).bias?.assign(bias);
  const x = pictures();
  const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(model));
  const found: number[] = [];
  for (let i = 0; i < 10; i++) found.push(await trainStep(model, optimizer, () => loss(x)));
  const [first = NaN] = losses;
  expect(found).toBeAllclose(losses, { rtol: 0, atol: Math.max(4 * apart, 1e-6 * first) });
  expect(losses[9]).toBeLessThan(first);
  optimizer.dispose();
  dispose([x, bias, ...targets]);
  model.dispose();
  expect(memory().numTensors).toBe(before);
});
