import { type BackendName, useBackend } from "@pellucid/backends";
import {
  adam,
  loadWeights,
  Optimizer,
  OptionError,
  type Parameter,
  Rng,
  ShapeError,
  sizeOf,
  torchStateOf,
  trainable,
  trainStep,
  valueAndGradients,
} from "@pellucid/core-train";
import { assign, DETR, setCosts, setCriterion, totalLoss } from "@pellucid/detection";
import { fixture, formulaWeights, hashed } from "@pellucid/testing";
import {
  dispose,
  memory,
  type Tensor,
  tensor3d,
  type Tensor3D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Body } from "./detectors/body.ts";
import { weighted } from "./detectors/weighted.ts";

interface Numbers {
  readonly data: number[];
  readonly tolerance: number;
}

interface Case {
  readonly shapes: Readonly<Record<string, number[]>>;
  readonly logits: Numbers;
  readonly boxes: Numbers;
  readonly steps: Numbers;
  readonly losses: Readonly<Record<"loss_ce" | "loss_bbox" | "loss_giou", Numbers>>;
  readonly gradients: Readonly<Record<string, readonly [sum: number, tolerance: number]>>;
}

const c = fixture<Case>(import.meta.url, "../fixtures/torch/detr.json");

const sizes = [
  [32, 48],
  [32, 40],
] as const;

const targets = [
  {
    boxes: [
      [4, 2, 20, 30],
      [25, 10, 45, 28],
    ],
    labels: [0, 2],
  },
  { boxes: [[5, 5, 35, 25]], labels: [1] },
];

const pictures = (): Tensor3D[] =>
  sizes.map(([height, width], i) =>
    tensor3d(
      Float32Array.from(hashed(3 * height * width, 50 + i), (x) => Math.fround(x) + 0.5),
      [height, width, 3],
    ),
  );

function make(dropout = 0.1): DETR {
  const rng = new Rng(0);
  return new DETR(new Body([4, 6, 8], rng), 3, {
    rng,
    dModel: 16,
    nhead: 2,
    numQueries: 7,
    encoderLayers: 2,
    decoderLayers: 2,
    dimFeedforward: 20,
    dropout,
    auxLoss: false,
    minSize: 32,
    maxSize: 48,
    scoreThresh: 0.3,
    transform: { imageMean: [0, 0, 0], imageStd: [1, 1, 1] },
  });
}

function filled(dropout?: number): DETR {
  const model = make(dropout);
  loadWeights(
    model,
    formulaWeights(c.shapes, (u, name, shape) => {
      if (shape.length > 1) return u * Math.sqrt(24 / sizeOf(shape.slice(1)));
      return name.includes("norm") && name.endsWith("weight") ? 1 + 0.2 * u : 0.1 * u;
    }),
  );
  return model;
}

const close = (found: ArrayLike<number>, { data, tolerance }: Numbers): void =>
  expect(Array.from(found)).toBeAllclose(data, { rtol: 0, atol: tolerance });

const backends: readonly BackendName[] = ["cpu", "wasm"];

describe.each(backends)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));
  afterAll(() => useBackend({ only: "cpu" }));

  test("DETR has the names and shapes of its authors", async () => {
    const model = make();
    const state = await torchStateOf(model);
    expect(Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, shape]))).toEqual(
      c.shapes,
    );
    model.dispose();
  });

  test("DETR predicts what transformers' does, also of a picture with padding", async () => {
    const model = filled();
    const images = pictures();
    const { tensors, imageSizes } = model.transform.batch(images);
    expect(imageSizes).toEqual(sizes);
    const outputs = model.forward(tensors, imageSizes);
    close(await (outputs[1]?.logits.data() as Promise<Float32Array>), c.logits);
    close(await (outputs[1]?.predBoxes.data() as Promise<Float32Array>), c.boxes);
    dispose([tensors, ...images, ...outputs.flatMap((output) => Object.values(output))]);
    model.dispose();
  });

  test("DETR has transformers' losses and gradients", async () => {
    const before = memory().numTensors;
    const model = filled();
    const images = pictures();
    const losses = model.losses(images, targets);
    const found = await Promise.all(
      ["lossCe", "lossBbox", "lossGiou"].map(async (name) => (await losses[name]?.data())?.[0] ?? Number.NaN),
    );
    const { loss_ce: ce, loss_bbox: bbox, loss_giou: giou } = c.losses;
    for (const [i, [wanted, weight]] of (
      [
        [ce, 1],
        [bbox, 5],
        [giou, 2],
      ] as const
    ).entries())
      close([(found[i] as number) / weight], wanted);
    const { value, gradients } = valueAndGradients(trainable(model), () =>
      totalLoss(model.losses(images, targets)),
    );
    for (const [path, parameter] of model.namedParameters())
      parameter.assign((gradients[path] ?? zerosLike(parameter)) as Tensor as Parameter);
    const stored = await torchStateOf(model);
    const order = Object.keys(c.shapes).toSorted();
    for (const [name, [sum, tolerance]] of Object.entries(c.gradients))
      expect([weighted(stored[name]?.data ?? [], order.indexOf(name))], name).toBeAllclose([sum], {
        rtol: 0,
        atol: tolerance,
      });
    dispose([value, ...Object.values(gradients), ...images, ...Object.values(losses)]);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

test("DETR has transformers' losses in ten steps of Adam without dropout", async () => {
  await useBackend({ only: "wasm" });
  const before = memory().numTensors;
  const model = filled(0);
  const images = pictures();
  const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(model));
  const found: number[] = [];
  for (let i = 0; i < 10; i++)
    found.push(await trainStep(model, optimizer, () => totalLoss(model.losses(images, targets))));
  close(found, c.steps);
  optimizer.dispose();
  dispose(images);
  model.dispose();
  expect(memory().numTensors).toBe(before);
});

test("DETR detects in the pixels of the picture, the highest score first", async () => {
  await useBackend({ only: "cpu" });
  const before = memory().numTensors;
  const model = filled();
  const images = pictures();
  const found = await model.detect(images);
  for (const [i, { boxes, scores, labels }] of found.entries()) {
    const { data, tolerance } = c.boxes;
    const [height, width] = sizes[i] as readonly [number, number];
    const centers = Array.from({ length: 7 }, (_, q) => [
      (data[(i * 7 + q) * 4] as number) * width,
      (data[(i * 7 + q) * 4 + 1] as number) * height,
    ]);
    expect(scores.length).toBeGreaterThan(0);
    expect([...scores]).toEqual([...scores].toSorted((a, b) => b - a));
    expect([...labels].every((label) => label >= 0 && label < 3)).toBe(true);
    for (let k = 0; k < labels.length; k++) {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.data.subarray(4 * k, 4 * k + 4);
      const near = centers.some(
        ([x = 0, y = 0]) =>
          Math.abs((x1 + x2) / 2 - x) + Math.abs((y1 + y2) / 2 - y) < 100 * tolerance + 1e-3,
      );
      expect(near).toBe(true);
    }
  }
  dispose(images);
  model.dispose();
  expect(memory().numTensors).toBe(before);
});

interface GoldenAssignment {
  readonly kind: "hungarian";
  readonly id: string;
  readonly input: { readonly cost_query_by_target: number[][] };
  readonly right: { readonly total: number; readonly one_optimum: number[][] };
}

interface GoldenLoss {
  readonly kind: "detr-loss";
  readonly id: string;
  readonly input: {
    readonly logits: number[][];
    readonly boxes_cxcywh: number[][];
    readonly target_boxes_cxcywh: number[][];
    readonly target_labels: number[];
    readonly eos_coef: number;
    readonly cost_weights: { readonly class: number; readonly l1: number; readonly giou: number };
  };
  readonly right: {
    readonly cost: number[][];
    readonly match_queries: number[];
    readonly match_targets: number[];
    readonly loss_ce: number;
    readonly loss_bbox: number;
    readonly loss_giou: number;
  };
}

const golden = fixture<{ cases: (GoldenAssignment | GoldenLoss)[] }>(
  import.meta.url,
  "../fixtures/golden/detr.json",
);

test.each(golden.cases.map((g) => [g.id, g] as const))("%s", (_, g) => {
  if (g.kind === "hungarian") {
    const costs = g.input.cost_query_by_target;
    const found = assign(costs);
    expect(found.reduce((sum, [row, column]) => sum + (costs[row]?.[column] as number), 0)).toBeCloseTo(
      g.right.total,
      9,
    );
    expect(found).toHaveLength(g.right.one_optimum.length);
    expect(new Set(found.map(([row]) => row)).size).toBe(found.length);
    expect(new Set(found.map(([, column]) => column)).size).toBe(found.length);
    return;
  }
  const { input, right } = g;
  const costs = setCosts(
    { logits: Float32Array.from(input.logits.flat()), boxes: Float32Array.from(input.boxes_cxcywh.flat()) },
    { boxes: input.target_boxes_cxcywh, labels: input.target_labels },
    {
      classCost: input.cost_weights.class,
      bboxCost: input.cost_weights.l1,
      giouCost: input.cost_weights.giou,
    },
  );
  expect(costs.flat()).toBeAllclose(right.cost.flat(), { rtol: 1e-6, atol: 1e-6 });
  expect(assign(costs)).toEqual(right.match_queries.map((query, i) => [query, right.match_targets[i]]));
  tidy(() => {
    const losses = setCriterion(
      { logits: tensor3d([input.logits]), predBoxes: tensor3d([input.boxes_cxcywh]) },
      [{ boxes: input.target_boxes_cxcywh, labels: input.target_labels }],
      { eosCoef: input.eos_coef },
    );
    const found = [losses.lossCe, losses.lossBbox, losses.lossGiou].map(
      (loss) => loss.dataSync()[0] as number,
    );
    expect(found).toBeAllclose([right.loss_ce, right.loss_bbox, right.loss_giou], { rtol: 1e-6, atol: 1e-6 });
  });
});

test("an assignment of nothing is empty, and what cannot be assigned is refused", () => {
  expect(assign([])).toEqual([]);
  expect(assign([[], []])).toEqual([]);
  expect(() => assign([[1, 2], [3]])).toThrow(ShapeError);
  expect(() => assign([[1, Number.NaN]])).toThrow(
    new OptionError("assign", "the cost of row 0 and column 1", Number.NaN, "a number"),
  );
});

test("a picture without objects costs the class alone, and more objects than queries are refused", () => {
  tidy(() => {
    const outputs = { logits: tensor3d([[[1, 2]]]), predBoxes: tensor3d([[[0.5, 0.5, 0.2, 0.2]]]) };
    const losses = setCriterion(outputs, [{ boxes: [], labels: [] }]);
    expect(losses.lossBbox.dataSync()[0]).toBe(0);
    expect(losses.lossGiou.dataSync()[0]).toBe(0);
    expect(losses.lossCe.dataSync()).toBeAllclose([Math.log1p(Math.exp(-1))]);
    const box = [0.5, 0.5, 0.1, 0.1];
    expect(() => setCriterion(outputs, [{ boxes: [box, box], labels: [0, 0] }])).toThrow(
      "of 2 objects, expected 1 at most",
    );
    expect(() => setCriterion(outputs, [])).toThrow("there are 0 targets, expected 1");
  });
});
