import { useBackend } from "@pellucid/backends";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { nmsSteps, overlapOf, precisionRecall } from "./program.ts";
import { detections } from "./scene.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("the areas shown give the IoU that the package computes", async () => {
  for (const [i, { box }] of detections.entries()) {
    const { intersection, union, iou } = await overlapOf(
      box,
      detections[(i + 1) % detections.length]?.box ?? box,
    );
    expect(iou).toBeCloseTo(intersection / union, 5);
  }
});

test("the steps shown keep the boxes that the package's suppression keeps, at every threshold", async () => {
  const tensors = memory().numTensors;
  for (let threshold = 0; threshold <= 1; threshold += 0.05)
    for (const least of [0, 0.35, 0.5]) {
      const { steps, kept } = await nmsSteps(detections, { least, threshold });
      expect(steps.map((step) => step.kept)).toEqual(kept);
      const all = steps.flatMap((step) => [step.kept, ...step.dropped.map(({ index }) => index)]);
      expect(new Set(all).size).toBe(detections.filter(({ score }) => score >= least).length);
    }
  expect(memory().numTensors).toBe(tensors);
});

test("precision and recall of a case by hand", () => {
  const found = [true, false, true].map((right, i) => ({ right, score: 1 - i / 10 }));
  const { points, average } = precisionRecall(found, 4);
  expect(points).toEqual([
    [0.25, 1],
    [0.25, 0.5],
    [0.5, 2 / 3],
  ]);
  expect(average).toBeCloseTo(0.25 + 0.25 * (2 / 3), 12);
});
