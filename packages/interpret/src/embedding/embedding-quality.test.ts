import { Rng } from "@pellucid/core-train";
import { embeddingQuality } from "@pellucid/interpret";
import { tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { formula } from "../../test/mapped-points.ts";

test("a map that is the data is perfect; one that is shuffled is not", async () => {
  const rng = new Rng(0);
  const points = tensor2d(rng.randn([80, 2]).data, [80, 2]);
  expect(await embeddingQuality(points, points)).toMatchObject({
    trustworthiness: 1,
    continuity: 1,
    neighborhoodRecall: 1,
  });
  const other = tensor2d(rng.randn([80, 2]).data, [80, 2]);
  const shuffled = await embeddingQuality(points, other);
  expect(shuffled.trustworthiness).toBeLessThan(0.65);
  expect(shuffled.neighborhoodRecall).toBeLessThan(0.35);
});

test("stress is 0 for a map that is turned and scaled, and each point's distortion tells which one is out of place", async () => {
  const points = formula(40, 2, 1);
  const values = points.dataSync<"float32">();
  const turned = values.map((_, i) =>
    i % 2 === 0 ? -3 * (values[i + 1] as number) : 3 * (values[i - 1] as number),
  );
  const exact = await embeddingQuality(points, tensor2d(turned, [40, 2]));
  expect(exact.stress).toBeLessThan(1e-6);
  turned.set([40, -40], 2 * 7);
  const { distortionOfEach, stress } = await embeddingQuality(points, tensor2d(turned, [40, 2]));
  expect(distortionOfEach.indexOf(Math.max(...distortionOfEach))).toBe(7);
  expect(stress).toBeGreaterThan(0.1);
});
