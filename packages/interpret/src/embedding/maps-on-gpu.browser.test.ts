import "@pellucid/testing/setup";
import { DeviceLostError, useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { nearestNeighbors, tsne } from "@pellucid/interpret";
import { backend, memory, tensor2d, tensor3d, tidy } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { jointProbabilities } from "./joint-probabilities.ts";
import { fieldNodes, fieldWaves, repulsionField } from "./repulsion-field.ts";
import { repulsion } from "./repulsion.ts";
import { RepulsionTree } from "./repulsion-tree.ts";
import { tsneGradient } from "./tsne-by-tree.ts";
import { sparseProbabilities, sparseGradient, tsneMove } from "./tsne-step.ts";

const four = { data: Float32Array.of(0, 0, 1, 0, 0, 2, 3, 3), shape: [4, 2] };

/** How far numbers are from others, in parts of the length of these. */
const off = (found: ArrayLike<number>, exact: Float64Array) =>
  Math.hypot(...exact.map((v, i) => v - (found[i] as number))) / Math.hypot(...exact);

async function gradientOnBackend(
  by: "exact" | "field",
  y: Float64Array,
  dimensions: number,
  p: ReturnType<typeof jointProbabilities>,
) {
  const points = tensor2d(Float32Array.from(y), [y.length / dimensions, dimensions]);
  const sparse = sparseProbabilities(p);
  const extent = Math.max(...y) - Math.min(...y);
  const gradient = tidy(() =>
    sparseGradient(
      points,
      by === "exact" ? repulsion(points) : repulsionField(points, fieldWaves(fieldNodes(extent))),
      sparse,
      1,
    ),
  );
  return gradient.data();
}

describe.each(["webgpu", "wasm"] as const)("on %s", (only) => {
  test("the gradient of four points is the one found by hand", async () => {
    await useBackend({ only });
    const p = jointProbabilities(await nearestNeighbors(four, 3), 2);
    const y = Float64Array.of(0, 0, 0.1, 0, 0, 0.2, 0.3, 0.1);
    for (const by of ["exact", "field"] as const) {
      const gradient = await gradientOnBackend(by, y, 2, p);
      expect([gradient[2], gradient[3]]).toBeAllclose([0.06801197, 0.02749551], { rtol: 1e-5 });
    }
  });

  test.for([
    ["exact", 2, 1e-5],
    ["exact", 3, 1e-5],
    ["field", 2, 1e-2],
  ] as const)(
    "the gradient of 500 points, %s in %i dimensions, is within %f of all pairs' in 64 bits",
    async ([by, dimensions, most]) => {
      await useBackend({ only });
      const rng = new Rng(1);
      const x = rng.normal([500, 5], 0, 1);
      const p = jointProbabilities(await nearestNeighbors(x, 30), 10);
      const y = Float64Array.from(rng.normal([500, dimensions], 0, 5).data);
      const exact = new Float64Array(y.length);
      const tree = new RepulsionTree(500, dimensions);
      tsneGradient({ p, y, tree, dimensions, theta: 1e-9, exaggeration: 1 }, exact);
      expect(off(await gradientOnBackend(by, y, dimensions, p), exact)).toBeLessThan(most);
    },
  );

  test("a move is gradient descent with momentum and gains", async () => {
    await useBackend({ only });
    const state = tensor3d([1, 2, 3, 0.5, 0.5, -0.1, 1, 1, 0.01], [3, 3, 1]);
    const moved = tsneMove(state, tensor2d([0.1, -0.1, -0.2], [3, 1]), { learningRate: 10, momentum: 0.8 });
    const expected = [0.6, 3.6, 2.94, -0.4, 1.6, -0.06, 0.8, 1.2, 0.01];
    expect(await moved.data()).toBeAllclose(expected, { rtol: 1e-5 });
  });
});

/** Digits, a few of them twice and one many times. */
async function withCopies() {
  const { data } = toFloatImages((await digits()).all).gather(
    Int32Array.from({ length: 300 }, (_, i) => i),
  ).x;
  const copies = Array.from({ length: 30 }, (_, i) => data.subarray(0, 64).map((v) => (i < 25 ? v : v + i)));
  return { data: Float32Array.from([...data, ...copies.flatMap((copy) => [...copy])]), shape: [330, 64] };
}

test("nearest neighbors are those found on CPU, number by number, also among copies", async () => {
  const points = await withCopies();
  await useBackend({ only: "cpu" });
  const expected = [await nearestNeighbors(points, 15), await nearestNeighbors(points, 328)];
  await useBackend({ only: "webgpu" });
  const held = memory().numTensors;
  expect([await nearestNeighbors(points, 15), await nearestNeighbors(points, 328)]).toEqual(expected);
  expect(memory().numTensors).toBe(held);
});

async function someDigits(count: number) {
  return tensor2d(
    toFloatImages((await digits()).all).gather(Int32Array.from({ length: count }, (_, i) => i)).x.data,
    [count, 64],
  );
}

test.for([2, 3] as const)(
  "t-SNE of digits on WebGPU in %i dimensions loses at most 3 per cent more than by the tree on CPU, and leaves nothing",
  async (dimensions) => {
    const options = { dimensions, perplexity: 10, steps: 250 };
    await useBackend({ only: "cpu" });
    const onCpu = await tsne(await someDigits(200), options);
    expect(onCpu.repulsion).toBe("tree");
    await useBackend({ only: "webgpu" });
    const points = await someDigits(200);
    const held = memory().numTensors;
    const { embedding, klDivergence, repulsion: used } = await tsne(points, options);
    expect(used).toBe("exact");
    expect(klDivergence / onCpu.klDivergence).toBeLessThan(1.03);
    expect(embedding.shape).toEqual([200, dimensions]);
    expect(memory().numTensors).toBe(held + 1);
  },
);

test("the first steps by a field are those by every pair, within 1 per cent", async () => {
  await useBackend({ only: "webgpu" });
  const points = await someDigits(60);
  const options = { perplexity: 5, steps: 10, earlyExaggeration: 4 };
  const exact = await (await tsne(points, { ...options, repulsion: "exact" })).embedding.data();
  const field = await (await tsne(points, { ...options, repulsion: "field" })).embedding.data();
  expect(off(field, Float64Array.from(exact))).toBeLessThan(0.01);
});

test("each step is shown, and a map is the same twice, whether one looks or not", async () => {
  await useBackend({ only: "webgpu" });
  const points = await someDigits(60);
  const options = { perplexity: 5, steps: 20 };
  const seen: number[] = [];
  let last: number[] = [];
  const onStep = (step: number, y: Float64Array) => {
    seen.push(step);
    last = [...y];
  };
  const first = await (await tsne(points, { ...options, onStep })).embedding.data();
  expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect([...first]).toEqual(last);
  expect(await (await tsne(points, options)).embedding.data()).toEqual(first);
});

test("it stops at its signal, also between two steps that are shown, and leaves nothing", async () => {
  await useBackend({ only: "webgpu" });
  const points = await someDigits(60);
  const held = memory().numTensors;
  const controller = new AbortController();
  const onStep = (step: number) => {
    if (step === 5) controller.abort(new Error("enough"));
  };
  await expect(tsne(points, { perplexity: 5, signal: controller.signal, onStep })).rejects.toThrow("enough");
  expect(memory().numTensors).toBe(held);
  const later = new AbortController();
  const running = tsne(points, { perplexity: 5, steps: 100_000, signal: later.signal });
  setTimeout(() => later.abort(new Error("too long")), 300);
  await expect(running).rejects.toThrow("too long");
  expect(memory().numTensors).toBe(held);
});

test("a field is of the plane", async () => {
  await expect(tsne(await someDigits(60), { dimensions: 3, repulsion: "field" })).rejects.toThrow(
    'tsne: repulsion is field, expected "exact" or "tree" in three dimensions',
  );
});

test("a GPU that is lost on the way is the error that says so", async () => {
  await useBackend({ only: "webgpu" });
  const points = await someDigits(60);
  const { device } = backend() as ReturnType<typeof backend> & { device: GPUDevice };
  const onStep = (step: number) => {
    if (step === 5) device.destroy();
  };
  await expect(tsne(points, { perplexity: 5, onStep })).rejects.toThrow(DeviceLostError);
  await useBackend({ only: "webgpu" });
  const running = tsne(await someDigits(60), { perplexity: 5, steps: 100_000 });
  setTimeout(() => (backend() as ReturnType<typeof backend> & { device: GPUDevice }).device.destroy(), 300);
  await expect(running).rejects.toThrow(DeviceLostError);
  await useBackend({ only: "cpu" });
});
