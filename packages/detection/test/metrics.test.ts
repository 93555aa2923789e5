// COCO's numbers as pycocotools computes them, and Pascal VOC's by its rules.
import { DataError } from "@pellucid/core-train";
import { MeanAveragePrecision, VocAveragePrecision } from "@pellucid/detection";
import { fixture } from "@pellucid/testing";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

interface Random {
  /** `x, y, width, height, class, crowd, area` in each image. */
  readonly objects: number[][][];
  /** `x, y, width, height, class, score` in each image. */
  readonly detections: number[][][];
  readonly stats: number[];
}
const random = fixture<Random[]>(import.meta.url, "../fixtures/torch/coco.json");

interface Annotation {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: number[];
  readonly iscrowd: number;
  readonly area: number;
  readonly score: number;
}
interface VocBox {
  readonly image: number;
  readonly box: number[];
  readonly difficult: number;
  readonly score: number;
}
interface Golden {
  readonly kind: string;
  readonly case: string;
  readonly input: {
    readonly images: number[];
    readonly annotations: Annotation[];
    readonly detections: (Annotation & VocBox)[];
    readonly ground_truth: VocBox[];
    readonly detections_a: Annotation[];
    readonly detections_b: Annotation[];
    readonly maxDets?: [number, number, number];
    readonly iou: number;
  };
  readonly right: number[] & {
    readonly a: number[];
    readonly b: number[];
    readonly eleven_point: number;
    readonly all_points: number;
  };
}
const golden = fixture<Golden[]>(import.meta.url, "../fixtures/golden/metrics.json");
const ofKind = (kind: string) => golden.filter((c) => c.kind === kind);

function twelve(metric: MeanAveragePrecision): number[] {
  const { mapOfClass: _, ...numbers } = metric.compute();
  return Object.values(numbers);
}

test.each(random.map((c, i) => [i, c] as const))("random images %i", (_, { objects, detections, stats }) => {
  const metric = new MeanAveragePrecision({ boxFormat: "xywh" });
  for (const [i, own] of objects.entries()) {
    const found = detections[i] ?? [];
    metric.update(
      {
        boxes: found.flatMap((row) => row.slice(0, 4)),
        labels: found.map((row) => row[4] as number),
        scores: found.map((row) => row[5] as number),
      },
      {
        boxes: own.flatMap((row) => row.slice(0, 4)),
        labels: own.map((row) => row[4] as number),
        isCrowd: own.map((row) => row[5] as number),
        areas: own.map((row) => row[6] as number),
      },
    );
  }
  expect(twelve(metric)).toBeAllclose(stats, { rtol: 1e-9, atol: 1e-9 });
  metric.reset();
  expect(metric.compute().map).toBe(-1);
});

function measured(input: Golden["input"], detections: readonly Annotation[]): number[] {
  const { maxDets } = input;
  const metric = new MeanAveragePrecision({
    boxFormat: "xywh",
    ...(maxDets === undefined ? {} : { maxDetections: maxDets }),
  });
  for (const image of input.images) {
    const found = detections.filter(({ image_id }) => image_id === image);
    const own = input.annotations.filter(({ image_id }) => image_id === image);
    metric.update(
      {
        boxes: found.flatMap(({ bbox }) => bbox),
        labels: found.map(({ category_id }) => category_id),
        scores: found.map(({ score }) => score),
      },
      {
        boxes: own.flatMap(({ bbox }) => bbox),
        labels: own.map(({ category_id }) => category_id),
        isCrowd: own.map(({ iscrowd }) => iscrowd),
        areas: own.map(({ area }) => area),
      },
    );
  }
  return twelve(metric);
}

test.each(ofKind("coco-ap"))("$kind: $case", ({ input, right }) => {
  const close = { rtol: 1e-9, atol: 1e-9 };
  if (input.detections_a !== undefined) {
    expect(measured(input, input.detections_a)).toBeAllclose(right.a, close);
    expect(measured(input, input.detections_b)).toBeAllclose(right.b, close);
  } else {
    const found = measured(input, input.detections);
    // pycocotools looks for 100 detections there, and has none; all these boxes are exact, so that it is as at 0.5
    const expected = input.maxDets === undefined ? right : right.with(0, right[1] as number);
    expect(found).toBeAllclose(expected, close);
  }
});

describe.each(ofKind("voc-ap"))("$kind: $case", ({ input, right }) => {
  test.each([
    ["eleven", right.eleven_point],
    ["all", right.all_points],
  ] as const)("%s points", (points, expected) => {
    const metric = new VocAveragePrecision({ points, iouThreshold: input.iou });
    for (const image of new Set([...input.ground_truth, ...input.detections].map((of) => of.image))) {
      const found = input.detections.filter((of) => of.image === image);
      const own = input.ground_truth.filter((of) => of.image === image);
      metric.update(
        {
          boxes: found.flatMap(({ box }) => box),
          labels: found.map(() => 0),
          scores: found.map(({ score }) => score),
        },
        {
          boxes: own.flatMap(({ box }) => box),
          labels: own.map(() => 0),
          difficult: own.map(({ difficult }) => difficult),
        },
      );
    }
    expect(metric.compute().map).toBeCloseTo(expected, 8);
  });
});

const [nothing, one] = [
  { boxes: [], scores: [], labels: [] },
  { boxes: [1, 1, 3, 4], scores: [1], labels: [7] },
];

test("a perfect detector has 1 at every threshold, one that finds nothing 0, and no images −1", () => {
  const [coco, voc] = [new MeanAveragePrecision(), new VocAveragePrecision({ corners: "edge" })];
  expect([coco.compute().map, voc.compute().map]).toEqual([-1, -1]);
  coco.update(one, one);
  voc.update(one, one);
  expect(coco.compute()).toMatchObject({ map: 1, map50: 1, mapSmall: 1, mapLarge: -1, mar1: 1 });
  expect(coco.compute().mapOfClass).toEqual(new Map([[7, 1]]));
  expect(voc.compute()).toEqual({ map: 1, ofClass: new Map([[7, 1]]) });
  for (const metric of [coco, voc]) {
    metric.reset();
    metric.update(nothing, one);
    expect(metric.compute().map).toBe(0);
    metric.reset();
    metric.update(one, nothing);
    expect(metric.compute().map).toBe(-1);
  }
});

test("a box without its score, and options that do not exist, are errors", () => {
  for (const metric of [new MeanAveragePrecision(), new VocAveragePrecision()]) {
    expect(() => metric.update({ ...one, scores: [] }, one)).toThrow("scores has 0 numbers, expected 1");
    expect(() => metric.update(one, { ...one, boxes: [1] })).toThrow("boxes has 1 numbers, expected 4");
  }
  for (const metric of [new MeanAveragePrecision(), new VocAveragePrecision()]) {
    const onDevice = { ...one, labels: tensor1d([1], "int32"), boxes: tensor2d([[0, 0, 1, 1]]) };
    expect(() => metric.update(one, onDevice as never)).toThrow(DataError);
    expect(() => metric.update(onDevice as never, one)).toThrow(
      "labels is a tensor, expected numbers on the host: read it with await tensor.data().",
    );
    expect(() => metric.update(one, { ...one, labels: undefined } as never)).toThrow(
      "labels is undefined, expected numbers",
    );
    expect(metric.compute().map).toBe(-1);
  }
  expect(() => new MeanAveragePrecision({ boxFormat: "yxyx" as never })).toThrow('"xyxy" or "xywh"');
  expect(() => new VocAveragePrecision({ points: "ten" as never })).toThrow('"all" or "eleven"');
  expect(() => new VocAveragePrecision({ iouThreshold: 2 })).toThrow("a probability");
});
