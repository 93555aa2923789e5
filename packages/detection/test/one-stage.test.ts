// Losses of detectors of one stage: the numbers of loops over cells, anchors and objects in PyTorch.
import { useBackend } from "@pellucid/backends";
import { EmptyBatchError, gradient, OptionError, Rng, ShapeError } from "@pellucid/core-train";
import {
  anchorFreeLoss,
  anchorLoss,
  anchorsByKMeans,
  anchorTarget,
  assignByTask,
  decodeGrid,
  distributionFocalLoss,
  expectedDistance,
  gridLoss,
  gridTarget,
  landmarkLoss,
  localizationLoss,
  localizationTarget,
  padObjects,
  sigmoidFocalLoss,
} from "@pellucid/detection";
import { checkAgainstTorch, fixture, titleOf, type TorchCase } from "@pellucid/testing";
import {
  sum,
  type Tensor,
  tensor,
  tensor1d,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  tensor3d,
  type Tensor4D,
  tensor4d,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Args {
  readonly target: number[];
  readonly points: number[][];
  readonly boxes: number[][][];
  readonly labels: number[][];
  readonly most: number;
}
const { cases } = fixture<{ cases: TorchCase<Args>[] }>(import.meta.url, "../fixtures/torch/one-stage.json");

const calls: Readonly<Record<string, (args: Args, x: Tensor, y: Tensor) => Tensor>> = {
  localizationLoss: ({ target }, x) => localizationLoss(x as Tensor2D, tensor(target) as Tensor2D),
  landmarkLoss: ({ target }, x) => landmarkLoss(x as Tensor2D, tensor(target) as Tensor2D),
  gridLoss: ({ target }, x) => gridLoss(x as Tensor4D, tensor(target) as Tensor4D),
  anchorLoss: ({ target }, x) => anchorLoss(x as Tensor3D, tensor(target) as Tensor3D),
  distributionFocalLoss: ({ target }, x) => distributionFocalLoss(x as Tensor2D, tensor1d(target)),
  anchorFreeLoss: ({ points, boxes, labels, most }, x, y) =>
    anchorFreeLoss(
      { logits: x as Tensor3D, distances: y as Tensor3D, points: tensor2d(points) },
      { boxes: tensor3d(boxes), labels: tensor2d(labels, undefined, "int32") },
      { most },
    ),
};

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(cases.map((c) => [titleOf({ ...c, args: {} }), c] as const))("%s is PyTorch's", (_, c) => {
    checkAgainstTorch(c, (...inputs) =>
      (calls[c.op] as (typeof calls)[string])(c.args, ...(inputs as [Tensor, Tensor])),
    );
  });
});

interface DflCase {
  readonly kind: string;
  readonly case: string;
  readonly input: { readonly logits: number[][]; readonly targets_in_stride_units: number[] };
  readonly right: { readonly loss_per_side: number[]; readonly decoded_distance: number[] };
}
const golden = fixture<DflCase[]>(import.meta.url, "../fixtures/golden/losses.json");

test.each(golden.filter(({ kind }) => kind === "dfl"))(
  "distances as distributions: $case",
  ({ input, right }) => {
    const logits = tensor2d(input.logits);
    const losses = distributionFocalLoss(logits, tensor1d(input.targets_in_stride_units));
    expect(losses).toBeAllclose(right.loss_per_side, { rtol: 5e-7 });
    expect(expectedDistance(logits)).toBeAllclose(right.decoded_distance, { rtol: 5e-7 });
  },
);

interface FocalCase {
  readonly kind: string;
  readonly case: string;
  readonly input: {
    readonly logits: number[];
    readonly targets: number[];
    readonly alpha: number;
    readonly gamma: number;
  };
  readonly right: { readonly loss: number[]; readonly grad_of_sum: number[] };
}
const focal = fixture<FocalCase[]>(import.meta.url, "../fixtures/golden/losses.json");

test.each(focal.filter(({ kind }) => kind === "focal-loss-extremes"))(
  "focal loss: $case",
  ({ input, right }) => {
    const { logits, targets, alpha, gamma } = input;
    const loss = (x: Tensor) => sigmoidFocalLoss(x, tensor1d(targets), { alpha, gamma });
    expect(loss(tensor1d(logits))).toBeAllclose(right.loss, { rtol: 1e-6, atol: 1e-6 });
    expect(gradient((x: Tensor) => sum(loss(x)))(tensor1d(logits))).toBeAllclose(right.grad_of_sum, {
      rtol: 1e-6,
      atol: 1e-6,
    });
  },
);

const scene = {
  boxes: { data: [8, 4, 40, 28, 50, 50, 62, 60, 0, 0, 10, 10, 12, 8, 36, 24] },
  labels: { data: [2, 0, 1, 0] },
};

test("a grid's labels, by hand, and decoded again", () => {
  const { data, shape } = gridTarget(scene, { numClasses: 3, imageSize: [64, 96], grid: [2, 3] });
  expect(shape).toEqual([2, 3, 8]);
  // centers (24, 16) in cell (0, 0), (56, 55) in cell (1, 1); (5, 5) and (24, 16) again are in a cell that is taken
  expect(data.subarray(0, 8)).toBeAllclose([1, 0.75, 0.5, 0.75, 1, 0, 0, 1]);
  expect(data.subarray(32, 40)).toBeAllclose([1, 0.75, 23 / 32, 10 / 32, 12 / 32, 1, 0, 0]);
  expect([...data.keys()].filter((i) => i % 8 === 0 && data[i] === 1)).toEqual([0, 32]);
  const { boxes, scores } = decodeGrid(tensor4d(data, [1, 2, 3, 8]), [64, 96]);
  expect([...boxes.dataSync().subarray(0, 4)]).toEqual([8, 4, 40, 28]);
  expect(boxes.dataSync().subarray(16, 20)).toBeAllclose([50, 50, 62, 60]);
  expect(scores.dataSync().subarray(0, 3)).toBeAllclose([0, 0, 1]);
});

test("two objects of different shapes share a cell with anchors, and an anchor that also fits does not count", () => {
  const objects = { boxes: { data: [0, 12, 32, 20, 12, 0, 20, 32] }, labels: { data: [0, 1] } };
  const maps = [
    {
      stride: 32,
      anchors: [
        [32, 8],
        [8, 32],
        [30, 9],
      ] as [number, number][],
    },
  ];
  const { data, shape } = anchorTarget(objects, {
    numClasses: 2,
    imageSize: [32, 32],
    maps,
    ignoreThreshold: 0.5,
  });
  expect(shape).toEqual([3, 8]);
  expect(data.subarray(0, 8)).toBeAllclose([1, 1, 0.5, 0.5, 0, 0, 1, 0]);
  expect(data.subarray(8, 16)).toBeAllclose([1, 1, 0.5, 0.5, 0, 0, 0, 1]);
  expect(data.subarray(16, 24)).toBeAllclose([0, 0, 0, 0, 0, 0, 0, 0]);
});

test("the label of one object or none", () => {
  const options = { numClasses: 3, imageSize: [64, 96] as const };
  expect(localizationTarget(scene, options).data).toBeAllclose([1, 0.25, 0.25, 0.375, 1 / 3, 0, 0, 1]);
  const none = { boxes: { data: [] }, labels: { data: [] } };
  expect(localizationTarget(none, options).data).toBeAllclose([0, 0, 0, 0, 0, 0, 0, 0]);
});

test("k-means by IoU finds the sizes that there are", () => {
  const sizes = [10, 11, 12].flatMap((n) => [
    [n, n],
    [n * 4, n * 2],
    [n, n * 6],
  ]) as [number, number][];
  const { anchors, meanIou } = anchorsByKMeans(sizes, 3, { rng: new Rng(1) });
  expect(anchors).toBeAllclose([
    [11, 11],
    [11, 66],
    [44, 22],
  ]);
  expect(meanIou).toBeGreaterThan(0.85);
  expect(() => anchorsByKMeans(sizes, 10, { rng: new Rng(0) })).toThrow("at most the 9 different sizes");
  expect(() => anchorsByKMeans([[0, 1]], 1, { rng: new Rng(0) })).toThrow("a number above 0");
});

test("an anchor without an object has a target of 0, and one with an object its box", () => {
  const predictions = {
    boxes: tensor3d([
      [
        [0, 0, 10, 10],
        [20, 20, 30, 30],
      ],
    ]),
    scores: tensor3d([
      [
        [0.5, 0.1],
        [0.2, 0.3],
      ],
    ]),
    points: tensor2d([
      [5, 5, 8],
      [25, 25, 8],
    ]),
  };
  const objects = { boxes: tensor3d([[[0, 0, 10, 10]]]), labels: tensor2d([[1]], [1, 1], "int32") };
  const { scores, boxes, assigned } = assignByTask(predictions, objects);
  expect(scores).toBeAllclose([0, 1, 0, 0]);
  expect(boxes).toBeAllclose([0, 0, 10, 10, 0, 0, 0, 0]);
  expect(assigned).toBeAllclose([1, 0]);
  expect(() => assignByTask(predictions, objects)).toLeakNothing();
});

test("objects are padded, and too many are an error", () => {
  const { boxes, labels } = padObjects(scene, 5);
  expect(labels.data).toEqual(Int32Array.of(2, 0, 1, 0, -1));
  expect(boxes.shape).toEqual([5, 4]);
  expect(() => padObjects(scene, 3)).toThrow(ShapeError);
});

test("labels that do not exist and numbers that are missing are errors", () => {
  const options = { numClasses: 2, imageSize: [64, 96] as const, grid: [2, 3] as const };
  expect(() => gridTarget(scene, options)).toThrow("gridTarget: label 0 is 2, expected a class from 0 to 1.");
  expect(() => gridTarget({ ...scene, labels: { data: [1] } }, options)).toThrow("16 numbers, expected 4");
  expect(() => gridLoss(tensor4d([1], [1, 1, 1, 1]), tensor4d([1, 1], [1, 1, 1, 2]))).toThrow(ShapeError);
  expect(() => distributionFocalLoss(tensor2d([[1]]), tensor1d([1]))).toThrow("at least 2");
});

test("the mean of a distance's loss needs a side, and an unknown reduction is an error", () => {
  const [none, nowhere] = [tensor2d([], [0, 4]), tensor1d([])];
  expect(() => distributionFocalLoss(none, nowhere, { reduction: "mean" })).toThrow(EmptyBatchError);
  expect(distributionFocalLoss(none, nowhere, { reduction: "sum" })).toBeAllclose([0]);
  const unknown = { reduction: "average" as never };
  expect(() => distributionFocalLoss(tensor2d([[1, 2]]), tensor1d([1]), unknown)).toThrow(OptionError);
});
