import { Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { embeddingQuality, nearestNeighbors, pca, tsne, umap, umapCurve } from "@pellucid/interpret";
import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { fuzzyNeighbors, memberships } from "./fuzzy-neighbors.ts";
import { blobs, formula, maps } from "../../test/mapped-points.ts";

test("UMAP's curve is umap-learn's: defect 14 of umap-js, whose a is 0.617 for a least distance of 0.5", () => {
  for (const { spread, minDistance, a, b } of maps.curves) {
    const curve = umapCurve(spread, minDistance);
    expect([curve.a, curve.b]).toBeAllclose([a, b], { rtol: 1e-6 });
  }
  const { a, b } = umapCurve(1, 0.5);
  expect([a, b]).toBeAllclose([0.58303002, 1.33416699], { rtol: 1e-7 });
});

test("how near neighbors are is SciPy's answer to UMAP's equation; both ways are united, the nearest is wholly near", async () => {
  const points = formula(10, 3, 3);
  const near = await nearestNeighbors({ data: points.dataSync<"float32">(), shape: [10, 3] }, 4);
  maps.memberships.forEach((row, i) => {
    const found = memberships(near.squaredDistances.subarray(4 * i, 4 * i + 4));
    expect(found).toBeAllclose(row, { rtol: 1e-4, atol: 1e-5 });
    expect(found.reduce((a, b) => a + b, 0)).toBeCloseTo(Math.log2(5), 6);
  });
  const { heads, tails, weights } = fuzzyNeighbors(near);
  const at = (i: number, j: number) => {
    const k = near.indices.subarray(4 * i, 4 * i + 4).indexOf(j);
    return k < 0 ? 0 : (memberships(near.squaredDistances.subarray(4 * i, 4 * i + 4))[k] as number);
  };
  weights.forEach((weight, e) => {
    const [a, b] = [at(heads[e] as number, tails[e] as number), at(tails[e] as number, heads[e] as number)];
    expect(weight).toBeCloseTo(a + b - a * b, 12);
  });
  expect(Math.max(...weights)).toBe(1);
});

test.for([2, 3] as const)(
  "UMAP keeps three groups apart in %i dimensions, the same for a seed, and leaves nothing",
  async (dimensions) => {
    const { x, label } = blobs(40);
    const points = tensor2d(x, [120, 5]);
    const held = memory().numTensors;
    const map = () => umap(points, { rng: new Rng(0), dimensions, neighbors: 10, steps: 150 });
    const [first, second] = [await map(), await map()];
    expect(second).toBeAllclose(first, { rtol: 0, atol: 0 });
    expect(memory().numTensors).toBe(held + 2);
    const data = first.dataSync<"float32">();
    const near = await nearestNeighbors({ data, shape: [120, dimensions] }, 5);
    const sameLabel = near.indices.filter((j, e) => label[j] === label[Math.floor(e / 5)]).length;
    expect(sameLabel / near.indices.length).toBeGreaterThan(0.99);
  },
);

test("on digits UMAP is about as trustworthy as scikit-learn's t-SNE, ours as much, principal components are not", async () => {
  const { data } = toFloatImages((await digits()).all).gather(
    Int32Array.from({ length: 400 }, (_, i) => i),
  ).x;
  const points = tensor2d(data, [400, 64]);
  const trust = async (map: ReturnType<typeof formula>) =>
    (await embeddingQuality(points, map)).trustworthiness;
  expect(await trust(await umap(points, { rng: new Rng(0), steps: 200 }))).toBeGreaterThan(
    maps.trustworthiness - 0.02,
  );
  expect(await trust((await tsne(points, { steps: 500 })).embedding)).toBeGreaterThan(
    maps.trustworthiness - 0.01,
  );
  expect(await trust((await pca(points, 2)).embedding)).toBeLessThan(maps.trustworthiness - 0.1);
});

test("UMAP stops at its signal and says what it cannot do", async () => {
  const points = tensor2d(blobs(20).x, [60, 5]);
  const controller = new AbortController();
  const onStep = (step: number) => {
    if (step === 5) controller.abort(new Error("enough"));
  };
  const held = memory().numTensors;
  await expect(umap(points, { rng: new Rng(0), signal: controller.signal, onStep })).rejects.toThrow(
    "enough",
  );
  expect(memory().numTensors).toBe(held);
  await expect(umap(points, { rng: new Rng(0), neighbors: 61 })).rejects.toThrow(
    "umap: neighbors is 61, expected 2 to 60",
  );
  await expect(umap(points, { rng: new Rng(0), minDistance: 2 })).rejects.toThrow("minDistance");
});
