import { useBackend } from "@pellucid/backends";
import { type CheckpointParts, Rng, saveCheckpoint } from "@pellucid/core-train";
import { beforeAll, expect, test } from "vitest";
import { measuresOf, shapeOf } from "./judge.ts";
import { classes, nearShapes, size } from "./near-shapes.ts";
import { drawShapes } from "./shapes.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test("the judge names real shapes", () => {
  const { images, labels } = nearShapes(300, { seed: 3, rng: new Rng(0) });
  const right = [...labels].filter(
    (label, i) => shapeOf(images.subarray(768 * i, 768 * (i + 1)), size) === classes[label],
  );
  expect(right.length).toBeGreaterThanOrEqual(297);
  const half = Float32Array.from({ length: 768 }, (_, i) => Number(i % 48 < 15 && i < 48 * 5));
  expect(measuresOf(half, 16).fill).toBeCloseTo(1, 6);
  expect(measuresOf(half, 16).skew).toBeCloseTo(0, 6);
});

test(
  "the loss falls, pictures of each class are drawn, and a training that is resumed draws the same",
  { timeout: 120_000 },
  async () => {
    const losses: number[] = [];
    let saved = new Uint8Array();
    const how = { steps: 150, batch: 4, dim: 8, drawSteps: 3, perClass: 4 };
    const { samples, shape, seen, diffusion } = await drawShapes({
      ...how,
      onStep: (_, loss) => losses.push(loss),
      onCheckpoint: async (parts: CheckpointParts) => {
        saved = await saveCheckpoint(parts);
      },
    });
    expect(losses[1]).toBeLessThan(losses[0] as number);
    expect(shape).toEqual([12, 16, 16, 3]);
    expect(samples.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(seen).toHaveLength(12);
    diffusion.dispose();
    const rest: number[] = [];
    const resumed = await drawShapes({ ...how, resume: saved, onStep: (_, loss) => rest.push(loss) });
    expect(rest).toEqual(losses.slice(2)); // from step 100 on, nothing differs by a bit
    expect(resumed.samples).toEqual(samples);
    resumed.diffusion.dispose();
  },
);
