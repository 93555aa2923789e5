// Losses and their gradients against PyTorch in 64 bits, distances and borders against SciPy; then edges, errors and memory.
import { useBackend } from "@pellucid/backends";
import { EmptyBatchError, gradient, LabelError, OptionError, ShapeError } from "@pellucid/core-train";
import * as segmentation from "@pellucid/segmentation";
import { fixture } from "@pellucid/testing";
import {
  fill,
  reshape,
  slice,
  type Tensor,
  tensor,
  tensor1d,
  type Tensor4D,
  zeros,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Case {
  readonly loss: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly binary: boolean;
  readonly right: { readonly loss: number; readonly gradient: number[] };
}
interface Fixture {
  readonly logits: { readonly shape: [number, number, number, number]; readonly data: number[] };
  readonly labels: number[];
  readonly binary: number[];
  readonly cases: Case[];
  readonly distances: number[];
  readonly transforms: { mask: number[]; shape: number[]; right: number[] }[];
  readonly borders: {
    found: number[];
    right: number[];
    shape: number[];
    tolerance: number;
    scores: number[][];
  }[];
}

const torch = fixture<Fixture>(import.meta.url, "../fixtures/torch/losses.json");
const [batch, height, width] = torch.logits.shape;

const logits = () => tensor(torch.logits.data, torch.logits.shape) as Tensor4D;
const oneLogit = () => slice(logits(), [0, 0, 0, 0], [batch, height, width, 1]);
const labels = (data = torch.labels) => tensor(Int32Array.from(data), [batch, height, width], "int32");
const distances = () => tensor(torch.distances, torch.logits.shape);

type Loss = (input: Tensor, target: Tensor, options: object) => Tensor;
const { boundaryLoss, focalCrossEntropy, lovaszHinge, lovaszSoftmax, segmentationLoss } = segmentation;
const { softDiceLoss, softJaccardLoss, tverskyLoss } = segmentation;
const ignoring = { ignoreIndex: 255 };
const losses: Readonly<Record<string, Loss>> = {
  softDiceLoss: (x, y, options) => softDiceLoss(x, y, { ...ignoring, ...options }),
  softJaccardLoss: (x, y, options) => softJaccardLoss(x, y, { ...ignoring, ...options }),
  tverskyLoss: (x, y, options) => tverskyLoss(x, y, { ...ignoring, ...options }),
  focalCrossEntropy: (x, y, { weight, ...options }: { weight?: number[] }) =>
    focalCrossEntropy(x, y, {
      ...ignoring,
      ...options,
      ...(weight === undefined ? {} : { weight: tensor1d(weight) }),
    }),
  lovaszSoftmax: (x, y, options) => lovaszSoftmax(x, y, { ...ignoring, ...options }),
  lovaszHinge: (x, y, options) => lovaszHinge(x, y, { ...ignoring, ...options }),
  boundaryLoss: (x, _, options) => boundaryLoss(x, distances(), options),
  segmentationLoss: (x, y, options) => segmentationLoss(x as Tensor4D, y, options),
};

/** A hinge takes logits without a class axis. */
const shapeOf = (loss: string, binary: boolean) =>
  loss === "lovaszHinge" ? [batch, height, width] : torch.logits.shape.with(3, binary ? 1 : 3);

const titled = torch.cases.map(
  (c) => [`${c.loss} ${JSON.stringify(c.options)}${c.binary ? ", one class" : ""}`, c] as const,
);

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(titled)("%s agrees with PyTorch", (_, { loss, options, binary, right }) => {
    const f = (x: Tensor) => (losses[loss] as Loss)(x, labels(binary ? torch.binary : torch.labels), options);
    const x = reshape(binary ? oneLogit() : logits(), shapeOf(loss, binary));
    expect(f(x)).toBeAllclose([right.loss], { rtol: 2e-6, atol: 2e-6 });
    expect(gradient(f)(x)).toBeAllclose(right.gradient, { rtol: 1e-5, atol: 2e-6 });
  });
});

describe("every loss", () => {
  beforeAll(() => useBackend({ only: "wasm" }));
  const names = Object.keys(losses);

  test.each(names)("%s leaks no tensors", (name) => {
    const [x, y, one] = [logits(), labels(), reshape(oneLogit(), shapeOf("lovaszHinge", true))];
    const binary = labels(torch.binary);
    const isBinary = name === "lovaszHinge";
    const d = distances();
    const f =
      name === "boundaryLoss"
        ? () => boundaryLoss(x, d)
        : () => (losses[name] as Loss)(isBinary ? one : x, isBinary ? binary : y, {});
    expect(f).toLeakNothing();
  });

  test("is finite, and 0 or NaN as stated, where every pixel is ignored", () => {
    const none = fill([batch, height, width], 255, "int32");
    expect(lovaszSoftmax(logits(), none, ignoring)).toBeAllclose([0]);
    expect(focalCrossEntropy(logits(), none, ignoring)).toBeAllclose([0]);
    expect(softDiceLoss(logits(), none, ignoring)).toBeAllclose([0]);
    expect(segmentationLoss(logits(), none)).toBeAllclose([Number.NaN]);
  });

  test("a mean over no images is refused, their sum is 0", () => {
    const [x, y] = [zeros([0, height, width, 3]), zeros([0, height, width], "int32")];
    expect(() => boundaryLoss(x, x)).toThrow(EmptyBatchError);
    expect(boundaryLoss(x, x, { reduction: "sum" })).toBeAllclose([0]);
    for (const loss of [focalCrossEntropy, softDiceLoss, softJaccardLoss, tverskyLoss]) {
      expect(() => loss(x, y)).toThrow(EmptyBatchError);
      expect(loss(x, y, { reduction: "sum" })).toBeAllclose([0]);
    }
  });

  test("half of the auxiliary head's cross-entropy is added", () => {
    const alone = segmentationLoss(logits(), labels()).dataSync()[0] as number;
    const both = segmentationLoss({ out: logits(), aux: logits() }, labels());
    expect(both).toBeAllclose([1.5 * alone]);
    expect(segmentationLoss({ out: logits(), aux: logits() }, labels(), { auxWeight: 0 })).toBeAllclose([
      alone,
    ]);
  });
});

describe("what does not fit is refused", () => {
  const outside = () => fill([batch, height, width], 3, "int32");
  const refused: [
    title: string,
    run: () => unknown,
    error: new (...args: never[]) => Error,
    message: string,
  ][] = [
    [
      "a label outside the classes",
      () => softDiceLoss(logits(), outside()),
      LabelError,
      "softDiceLoss: target[0] is 3, expected a class from 0 to 2, or 255 for one to ignore.",
    ],
    [
      "float labels",
      () => tverskyLoss(logits(), zeros([batch, height, width])),
      LabelError,
      "tverskyLoss: target is float32",
    ],
    [
      "another size",
      () => softJaccardLoss(logits(), zeros([batch, height, 1], "int32")),
      ShapeError,
      "softJaccardLoss: target is [2, 5, 1], expected [2, 5, 6]: int32 labels",
    ],
    [
      "logits without space",
      () => softDiceLoss(zeros([2, 3]), zeros([2, 3])),
      ShapeError,
      "softDiceLoss: input is [2, 3], expected [batch, …, class].",
    ],
    [
      "an unknown activation",
      () => Reflect.apply(softDiceLoss, null, [logits(), labels(), { ...ignoring, activation: "relu" }]),
      OptionError,
      "softDiceLoss: activation is relu",
    ],
    [
      "an unknown extent",
      () => Reflect.apply(softDiceLoss, null, [logits(), labels(), { ...ignoring, over: "class" }]),
      OptionError,
      'softDiceLoss: over is class, expected "image" or "batch".',
    ],
    [
      "an unknown reduction",
      () => Reflect.apply(softDiceLoss, null, [logits(), labels(), { ...ignoring, reduction: "max" }]),
      OptionError,
      'softDiceLoss: reduction is "max"',
    ],
    [
      "a negative weight",
      () => tverskyLoss(logits(), labels(), { ...ignoring, alpha: -1 }),
      OptionError,
      "tverskyLoss: alpha is -1, expected a number of 0 or more.",
    ],
    [
      "a negative exponent",
      () => focalCrossEntropy(logits(), labels(), { ...ignoring, gamma: -1 }),
      OptionError,
      "focalCrossEntropy: gamma is -1",
    ],
    [
      "weights of other classes",
      () => focalCrossEntropy(logits(), labels(), { ...ignoring, weight: tensor1d([1]) }),
      ShapeError,
      "focalCrossEntropy: weight is [1], expected [3].",
    ],
    [
      "an unknown reduction of a focal loss",
      () => Reflect.apply(focalCrossEntropy, null, [logits(), labels(), { ...ignoring, reduction: "max" }]),
      OptionError,
      'focalCrossEntropy: reduction is "max"',
    ],
    [
      "an unknown reduction of distances",
      () => Reflect.apply(boundaryLoss, null, [logits(), distances(), { reduction: "max" }]),
      OptionError,
      'boundaryLoss: reduction is "max"',
    ],
    [
      "distances of another size",
      () => boundaryLoss(logits(), zeros([2])),
      ShapeError,
      "boundaryLoss: distances is [2], expected [2, 5, 6, 3]. Make them with signedDistances.",
    ],
    [
      "unknown classes of Lovász",
      () => Reflect.apply(lovaszSoftmax, null, [logits(), labels(), { classes: "some" }]),
      OptionError,
      "lovaszSoftmax: classes is some",
    ],
    [
      "a binary label of 2",
      () => lovaszHinge(zeros([1, 2]), fill([1, 2], 2, "int32")),
      LabelError,
      "lovaszHinge: target[0] is 2, expected a class from 0 to 1",
    ],
    [
      "a negative auxiliary weight",
      () => segmentationLoss(logits(), labels(), { auxWeight: -1 }),
      OptionError,
      "segmentationLoss: auxWeight is -1",
    ],
  ];
  test.each(refused)("%s", (_, run, error, message) => {
    expect(run).toThrow(error);
    expect(run).toThrow(message);
  });
});

describe("distances", () => {
  test.each(torch.transforms)("of a mask of $shape are SciPy's", ({ mask, shape, right }) => {
    const found = segmentation.distanceTransform({ data: Int32Array.from(mask), shape });
    expect(found.data).toBeAllclose(right, { rtol: 1e-6, atol: 0 });
  });

  test("of an empty mask are infinite, and of a full one 0", () => {
    expect([...segmentation.distanceTransform({ data: new Int32Array(4), shape: [2, 2] }).data]).toEqual([
      Infinity,
      Infinity,
      Infinity,
      Infinity,
    ]);
    expect(
      segmentation.distanceTransform({ data: new Int32Array(4).fill(1), shape: [2, 2] }).data,
    ).toBeAllclose([0, 0, 0, 0]);
    expect(() => segmentation.distanceTransform({ data: new Int32Array(4), shape: [4] })).toThrow(ShapeError);
  });

  test("from the border of each class are SciPy's, 0 for an absent class and ignored pixels", () => {
    const map = { data: Int32Array.from(torch.labels), shape: [batch, height, width] };
    const found = segmentation.signedDistances(map, 3);
    expect(found.data).toBeAllclose(torch.distances, { rtol: 1e-6, atol: 0 });
    expect(() => segmentation.signedDistances(map, 2)).toThrow(LabelError);
    expect(() => segmentation.signedDistances({ data: map.data, shape: [batch * height, width] }, 3)).toThrow(
      ShapeError,
    );
  });
});

test.each(torch.borders)(
  "F of borders within $tolerance pixels is SciPy's",
  ({ found, right, shape, tolerance, scores }) => {
    const labelMap = (data: number[]) => ({ data: Int32Array.from(data), shape });
    const result = segmentation.boundaryF(labelMap(found), labelMap(right), 3, { tolerance });
    expect(result.flatMap(({ precision, recall, f }) => [precision, recall, f])).toBeAllclose(scores.flat());
  },
);
