// Non-maximum suppression: torchvision's answers, ties and equality included.
import { DataError, ShapeError } from "@pellucid/core-train";
import { batchedNms, matrixNms, nms, softNms, suppress, xyxy } from "@pellucid/detection";
import { fixture } from "@pellucid/testing";
import { gather, memory, tensor1d } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

interface Case {
  readonly boxes: number[][];
  readonly scores: number[];
  readonly classes: number[];
  readonly threshold: number;
  readonly kept: number[];
  readonly keptOfEach: number[];
}
const cases = fixture<Case[]>(import.meta.url, "../fixtures/torch/nms.json");

describe.each(cases)(
  "$boxes.length boxes, threshold $threshold",
  ({ boxes, scores, classes, threshold, ...right }) => {
    const [tensor, score, label] = [xyxy(boxes), tensor1d(scores, "float32"), tensor1d(classes, "int32")];

    test("the boxes that torchvision keeps, with ties of scores by index", async () => {
      expect([...(await nms(tensor, score, threshold))]).toEqual(right.kept);
      expect([...(await batchedNms(tensor, score, label, threshold))]).toEqual(right.keptOfEach);
      expect([...suppress({ boxes: boxes.flat(), scores }, threshold)]).toEqual(right.kept);
    });

    test("what is kept is kept again", async () => {
      const kept = await nms(tensor, score, threshold);
      if (kept.length === 0) return;
      const again = await nms(xyxy(gather(tensor, kept)), gather(score, kept), threshold);
      expect([...again]).toEqual(Array.from(kept, (_, i) => i));
    });
  },
);

interface Input {
  readonly boxes: number[][];
  readonly scores: number[];
  readonly classes: number[];
  readonly iou_threshold: number;
  readonly method: "gaussian" | "linear";
  readonly sigma: number;
  readonly linear_threshold: number;
  readonly score_cut: number;
}
interface Golden {
  readonly kind: string;
  readonly case: string;
  readonly input: Input;
  readonly right: readonly (number | readonly [number, number])[];
  readonly tolerance: number;
}
const golden = fixture<Golden[]>(import.meta.url, "../fixtures/golden/nms.json");

test.each(golden)("$kind: $case", async ({ kind, input, right, tolerance }) => {
  const [boxes, scores] = [xyxy(input.boxes), tensor1d(input.scores)];
  if (kind === "nms") expect([...(await nms(boxes, scores, input.iou_threshold))]).toEqual(right);
  else if (kind === "batched-nms")
    expect([...(await batchedNms(boxes, scores, tensor1d(input.classes), input.iou_threshold))]).toEqual(
      right,
    );
  else {
    const { method, sigma, linear_threshold: iouThreshold, score_cut: minScore } = input;
    const found = await softNms(boxes, scores, { method, sigma, iouThreshold, minScore });
    const pairs = right as readonly (readonly [number, number])[];
    expect([...found.indices]).toEqual(pairs.map(([index]) => index));
    const expected = pairs.map(([, score]) => score);
    expect(found.scores).toBeAllclose(expected, { rtol: tolerance, atol: tolerance });
  }
});

const boxes = xyxy([
  [0, 0, 10, 10],
  [1, 0, 11, 10],
  [4, 0, 14, 10],
  [40, 40, 50, 50],
]);
const scores = tensor1d([0.95, 0.9, 0.8, 0.3]);

test("matrix suppression by hand: IoU 9/11, 6/14, 7/13", async () => {
  const [ab, ac, bc] = [9 / 11, 6 / 14, 7 / 13];
  const linear = await matrixNms(boxes, scores, { method: "linear" });
  const [b, c] = [0.9 * (1 - ab), 0.8 * Math.min(1 - ac, (1 - bc) / (1 - ab), 1)];
  expect([...linear.indices]).toEqual([0, 2, 3, 1]);
  expect(linear.scores).toBeAllclose([0.95, c, 0.3, b]);
  const gaussian = await matrixNms(boxes, scores, { sigma: 0.5, minScore: 0.3 });
  const f = (iou: number) => Math.exp(-iou * iou * 2);
  expect([...gaussian.indices]).toEqual([0, 2, 3]);
  expect(gaussian.scores).toBeAllclose([0.95, 0.8 * Math.min(f(ac), f(bc) / f(ab)), Math.fround(0.3)]);
  const apart = await matrixNms(boxes, scores, { classes: tensor1d([0, 1, 2, 3]) });
  expect(apart.scores).toBeAllclose([0.95, 0.9, 0.8, 0.3]);
});

test("a NaN among scores or boxes is an error that says which", async () => {
  const nan = tensor1d([0.1, 0.2, NaN, 0.3]);
  await expect(nms(boxes, nan, 0.9)).rejects.toThrow(DataError);
  await expect(softNms(boxes, nan)).rejects.toThrow("softNms: scores[2] is NaN, expected a number.");
  await expect(matrixNms(boxes, nan)).rejects.toThrow("matrixNms: scores[2] is NaN");
  const away = xyxy([
    [0, 0, 1, 1],
    [0, NaN, 1, 1],
  ]);
  await expect(batchedNms(away, tensor1d([1, 1]), tensor1d([0, 0]), 0.5)).rejects.toThrow(
    "batchedNms: boxes[1, 1] is NaN, expected a number.",
  );
});

test("wrong sizes and options are errors, and nothing is leaked", async () => {
  const one = tensor1d([1]);
  const before = memory().numTensors;
  await expect(nms(boxes, one, 0.5)).rejects.toThrow(new ShapeError("nms: scores is [1], expected [4]."));
  await expect(nms(boxes, scores, NaN)).rejects.toThrow("iouThreshold");
  await expect(batchedNms(boxes, scores, one, 0.5)).rejects.toThrow(ShapeError);
  await expect(softNms(boxes, scores, { method: "hard" as never })).rejects.toThrow('"gaussian" or "linear"');
  await expect(softNms(boxes, scores, { sigma: 0 })).rejects.toThrow("sigma");
  await expect(matrixNms(boxes, scores, { classes: one })).rejects.toThrow(ShapeError);
  await nms(boxes, scores, 0.5);
  await softNms(boxes, scores);
  await matrixNms(boxes, scores);
  expect(memory().numTensors - before).toBe(0);
});
