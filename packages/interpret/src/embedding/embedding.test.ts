import { Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import {
  embeddingQuality,
  mapStability,
  nearestNeighbors,
  pca,
  tsne,
  umap,
  umapCurve,
} from "@pellucid/interpret";
import { fixture } from "@pellucid/testing";
import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { fuzzyNeighbors, memberships } from "./fuzzy-neighbors.ts";
import { jointProbabilities } from "./joint-probabilities.ts";
import { candidates } from "./nearest-on-backend.ts";
import { RepulsionTree } from "./repulsion-tree.ts";
import { tsneGradient } from "./tsne-by-tree.ts";
import { klOf } from "./tsne-descent.ts";

const four = { data: Float32Array.of(0, 0, 1, 0, 0, 2, 3, 3), shape: [4, 2] };

test("P of four points with perplexity 2", async () => {
  const { starts, columns, values } = jointProbabilities(await nearestNeighbors(four, 3), 2);
  const at = (i: number, j: number) => {
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++)
      if (columns[e] === j) return values[e];
    return 0;
  };
  const found = [at(0, 1), at(0, 2), at(0, 3), at(1, 2), at(1, 3), at(2, 3)];
  const expected = [0.172275, 0.122849, 0.006075, 0.073072, 0.03343, 0.092299];
  expect(found).toBeAllclose(expected, { rtol: 0, atol: 1e-6 });
  expect(at(3, 2)).toBe(at(2, 3));
  expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
});

test("points that are equally far are equally near: P is 1 / (n (n - 1))", async () => {
  const corners = { data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), shape: [3, 3] };
  const { values } = jointProbabilities(await nearestNeighbors(corners, 2), 2);
  expect(values).toBeAllclose(new Array(6).fill(1 / 6));
});

test("KL and its gradient of four points, exactly", async () => {
  const p = jointProbabilities(await nearestNeighbors(four, 3), 2);
  const y = Float64Array.of(0, 0, 0.1, 0, 0, 0.2, 0.3, 0.1);
  const tree = new RepulsionTree(4, 2);
  tree.build(y);
  expect(klOf(p, y, 2, tree.repel(y, new Float64Array(8), 0))).toBeCloseTo(0.238802427, 6);
  const gradient = new Float64Array(8);
  tsneGradient({ p, y, tree, dimensions: 2, theta: 0, exaggeration: 1 }, gradient);
  expect([gradient[2], gradient[3]]).toBeAllclose([0.06801197, 0.02749551], { rtol: 1e-5 });
});

test.for([2, 3])(
  "the tree's repulsion in %i dimensions is within 1 % of all pairs with θ 0.25, 3 % with its default, without a point's own share",
  (dimensions) => {
    const count = 500;
    const y = Float64Array.from(new Rng(0).normal([count, dimensions], 0, 5).data);
    const tree = new RepulsionTree(count, dimensions);
    tree.build(y);
    const [exact, rough] = [new Float64Array(y.length), new Float64Array(y.length)];
    const z = tree.repel(y, rough, 0.25);
    const usual = new Float64Array(y.length);
    tree.repel(y, usual, dimensions === 2 ? 0.5 : 0.4);
    let zExact = 0;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) {
        if (i === j) continue;
        let d = 0;
        for (let c = 0; c < dimensions; c++)
          d += ((y[i * dimensions + c] as number) - (y[j * dimensions + c] as number)) ** 2;
        const q = 1 / (1 + d);
        zExact += q;
        for (let c = 0; c < dimensions; c++) {
          const at = i * dimensions + c;
          exact[at] = (exact[at] as number) + q * q * ((y[at] as number) - (y[j * dimensions + c] as number));
        }
      }
    expect(Math.abs(z / zExact - 1)).toBeLessThan(0.01);
    const off = (forces: Float64Array) =>
      Math.hypot(...exact.map((v, i) => v - (forces[i] as number))) / Math.hypot(...exact);
    expect(off(rough)).toBeLessThan(0.01);
    expect(off(usual)).toBeLessThan(0.03);
    const same = new Float64Array(y.length);
    expect(tree.repel(y, same, 1e-9)).toBeCloseTo(zExact, 8);
    expect(same).toBeAllclose(exact, { rtol: 1e-9, atol: 1e-9 });
  },
);

test("candidates on a backend are more than asked for, and the nearest are among them", async () => {
  const points = new Rng(3).normal([60, 4], 0, 1);
  const { indices } = await nearestNeighbors(points, 5);
  let i = 0;
  for await (const { indices: found, slack } of candidates(points, 5, undefined)) {
    expect(new Set(found).size).toBe(22);
    expect(Array.from(indices.slice(5 * i, 5 * i + 5)).filter((j) => !found.includes(j))).toEqual([]);
    expect(slack).toBeLessThan(1e-3);
    i++;
  }
  expect(i).toBe(60);
});

test("copies of a point are neighbours at distance 0, and repel each other in Z", async () => {
  const near = await nearestNeighbors({ data: Float32Array.of(1, 1, 1, 1, 5, 5), shape: [3, 2] }, 1);
  expect(Array.from(near.indices.slice(0, 2))).toEqual([1, 0]);
  expect(Array.from(near.squaredDistances.slice(0, 2))).toEqual([0, 0]);
  const tree = new RepulsionTree(2, 2);
  tree.build(Float64Array.of(1, 1, 1, 1));
  expect(tree.repel(Float64Array.of(1, 1, 1, 1), new Float64Array(4), 0.5)).toBe(2);
});

function blobs(perBlob: number): { x: Float32Array; label: number[] } {
  const rng = new Rng(7);
  const noise = rng.randn([3 * perBlob, 5]).data;
  return {
    x: noise.map((v, i) => v * 0.3 + (Math.floor(i / (5 * perBlob)) === i % 5 ? 6 : 0)),
    label: Array.from({ length: 3 * perBlob }, (_, i) => Math.floor(i / perBlob)),
  };
}

test.for([2, 3] as const)(
  "three groups stay apart in %i dimensions, the same twice, and leave nothing",
  async (dimensions) => {
    const { x, label } = blobs(40);
    const points = tensor2d(x, [120, 5]);
    const held = memory().numTensors;
    const options = { dimensions, perplexity: 10, steps: 300 };
    const steps: number[] = [];
    const first = await tsne(points, { ...options, onStep: (step) => steps.push(step) });
    const second = await tsne(points, options);
    expect(second.embedding).toBeAllclose(first.embedding, { rtol: 0, atol: 0 });
    expect(memory().numTensors).toBe(held + 2);
    expect(steps.length).toBe(300);
    const data = Float32Array.from(first.embedding.dataSync());
    const near = await nearestNeighbors({ data, shape: [120, dimensions] }, 5);
    const sameLabel = near.indices.filter((j, e) => label[j] === label[Math.floor(e / 5)]).length;
    expect(sameLabel / near.indices.length).toBeGreaterThan(0.99);
    const quality = await embeddingQuality(points, first.embedding, { neighbors: 10 });
    expect(quality.trustworthiness).toBeGreaterThan(0.9);
  },
);

test("t-SNE stops at its signal", async () => {
  const controller = new AbortController();
  const points = tensor2d(blobs(20).x, [60, 5]);
  const stop = (step: number) => {
    if (step === 5) controller.abort(new Error("enough"));
  };
  await expect(tsne(points, { perplexity: 5, signal: controller.signal, onStep: stop })).rejects.toThrow(
    "enough",
  );
});

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

test.for([5, 120])(
  "principal components of %i features of known variance, whatever the mean",
  async (features) => {
    const rng = new Rng(2);
    const noise = rng.randn([400, features]).data;
    const spread = (f: number) => (f === 1 ? 5 : f === 3 ? 3 : 0.5);
    const points = tensor2d(
      noise.map((v, i) => v * spread(i % features) + 10),
      [400, features],
    );
    const { embedding, components, explainedVariance, explainedVarianceRatio } = await pca(points, 2);
    expect(embedding).toHaveShape([400, 2]);
    const [first, second] = [components.dataSync().slice(0, features), components.dataSync().slice(features)];
    expect(first[1]).toBeGreaterThan(0.98);
    expect(second[3]).toBeGreaterThan(0.98);
    expect(explainedVariance[0]).toBeGreaterThan(20);
    expect(explainedVariance[0]).toBeLessThan(30);
    expect(explainedVarianceRatio.reduce((a, b) => a + b, 0)).toBeLessThan(1);
    const along = Float32Array.from(embedding.dataSync()).filter((_, i) => i % 2 === 0);
    const variance = along.reduce((a, v) => a + v * v, 0) / 399;
    expect(variance).toBeCloseTo(explainedVariance[0] as number, 2);
  },
);

test("fewer examples than features give the directions that copies of them give", async () => {
  const { data } = new Rng(5).randn([12, 40]);
  const few = tensor2d(data, [12, 40]);
  const many = tensor2d(
    Float32Array.from({ length: 4 * data.length }, (_, i) => data[i % data.length] as number),
    [48, 40],
  );
  const [a, b] = [await pca(few, 3), await pca(many, 3)];
  expect(a.components).toBeAllclose(b.components, { rtol: 1e-4, atol: 1e-4 });
  expect(a.explainedVarianceRatio[0]).toBeCloseTo(b.explainedVarianceRatio[0] as number, 5);
  expect(a.explainedVariance[0]).toBeCloseTo(((b.explainedVariance[0] as number) * 47) / 4 / 11, 4);
});

interface Maps {
  readonly curves: readonly { spread: number; minDistance: number; a: number; b: number }[];
  readonly procrustes: readonly number[];
  readonly memberships: readonly (readonly number[])[];
  readonly trustworthiness: number;
}

const maps = fixture<Maps>(import.meta.url, "../../fixtures/scipy/maps.json");

test("UMAP's curve is umap-learn's: defect 14 of umap-js, whose a is 0.617 for a least distance of 0.5", () => {
  for (const { spread, minDistance, a, b } of maps.curves) {
    const curve = umapCurve(spread, minDistance);
    expect([curve.a, curve.b]).toBeAllclose([a, b], { rtol: 1e-6 });
  }
  const { a, b } = umapCurve(1, 0.5);
  expect([a, b]).toBeAllclose([0.58303002, 1.33416699], { rtol: 1e-7 });
});

/** As `points` of maps.py. */
const formula = (count: number, dimensions: number, seed: number) =>
  tensor2d(
    Float32Array.from(
      { length: count * dimensions },
      (_, i) => Math.sin(seed + 1.7 * i) + Math.cos(0.3 * i * seed),
    ),
    [count, dimensions],
  );

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

test("how far maps are from each other is SciPy's Procrustes distance, and a turned map is none", async () => {
  const [a, b] = [formula(12, 2, 1), formula(12, 2, 2)];
  const flat = await mapStability([a, b], { neighbors: 3 });
  expect(flat.procrustes).toBeAllclose([maps.procrustes[0] as number], { rtol: 1e-5 });
  const space = await mapStability([formula(9, 3, 1), formula(9, 3, 4)], { neighbors: 3 });
  expect(space.procrustes).toBeAllclose([maps.procrustes[1] as number], { rtol: 1e-5 });
  const values = a.dataSync<"float32">();
  const mirrored = tensor2d(
    values.map((_, i) => (i % 2 === 0 ? 5 + 2 * (values[i + 1] as number) : 2 * (values[i - 1] as number))),
    [12, 2],
  );
  const { neighborhoodAgreement, procrustes, aligned } = await mapStability([a, mirrored], { neighbors: 3 });
  expect(neighborhoodAgreement).toBe(1);
  expect(procrustes[0]).toBeCloseTo(0, 6);
  expect(aligned[0]).toBeAllclose(values, { rtol: 0, atol: 1e-5 });
  expect(flat.neighborhoodAgreement).toBeLessThan(0.9);
  await expect(mapStability([a])).rejects.toThrow("mapStability: maps is 1, expected two or more");
});
