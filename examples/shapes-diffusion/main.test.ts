import { useBackend } from "@pellucid/backends";
import { shapeImages } from "@pellucid/datasets";
import { beforeAll, expect, test } from "vitest";
import { measuresOf, shapeOf } from "./judge.ts";
import { classes, drawShapes } from "./shapes.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test("the judge names real shapes", () => {
  const look = { background: "plain", edges: "smooth", noise: 0 } as const;
  const { test: real } = shapeImages({
    seed: 3,
    train: 1,
    test: 300,
    size: 16,
    classes: [...classes],
    ...look,
  });
  const { images, labels } = real.load();
  const right = [...labels.data].filter(
    (label, i) => shapeOf(images.data.subarray(768 * i, 768 * (i + 1)), 16) === classes[label],
  );
  expect(right.length).toBeGreaterThanOrEqual(297);
  const half = Float32Array.from({ length: 768 }, (_, i) => Number(i % 48 < 15 && i < 48 * 5));
  expect(measuresOf(half, 16).fill).toBeCloseTo(1, 6);
  expect(measuresOf(half, 16).skew).toBeCloseTo(0, 6);
});

test("the loss falls, and pictures of each class are drawn", { timeout: 120_000 }, async () => {
  const losses: number[] = [];
  const { samples, shape, seen, diffusion } = await drawShapes({
    steps: 100,
    batch: 4,
    dim: 8,
    drawSteps: 3,
    perClass: 4,
    onStep: (_, loss) => losses.push(loss),
  });
  expect(losses[1]).toBeLessThan(losses[0] as number);
  expect(shape).toEqual([12, 16, 16, 3]);
  expect(samples.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(seen).toHaveLength(12);
  diffusion.dispose();
});
