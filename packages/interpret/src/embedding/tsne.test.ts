import { Rng } from "@pellucid/core-train";
import { embeddingQuality, nearestNeighbors, tsne } from "@pellucid/interpret";
import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { jointProbabilities } from "./joint-probabilities.ts";
import { RepulsionTree } from "./repulsion-tree.ts";
import { tsneGradient } from "./tsne-by-tree.ts";
import { klOf } from "./tsne-descent.ts";
import { blobs } from "../../test/mapped-points.ts";

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
