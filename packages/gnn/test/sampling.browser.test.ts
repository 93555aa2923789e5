// Samplers in web workers of a page: the same epoch as in the page itself, and GraphSAGE trained on what they sample.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  disposeLeaves,
  Module,
  Optimizer,
  relu,
  Rng,
  trainable,
  trainStep,
  webWorkers,
} from "@pellucid/core-train";
import { type ConvGraph, Gcn, graphBatches, neighborSampler, SAGEConv, toGraph } from "@pellucid/gnn";
import {
  argMax,
  gather,
  memory,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import sampled from "./sampled.ts";
import large, { graph, steps, test as testNodes } from "./workers/large.ts";

beforeAll(() => useBackend({ only: "wasm" }));

test("an epoch is the same for any number of web workers", async () => {
  const before = memory().numTensors;
  const epoch = async (count: number) => {
    const workers = webWorkers(
      count,
      () => new Worker(new URL("workers/sampled.worker.js", import.meta.url), { type: "module" }),
    );
    const found: number[][] = [];
    for await (const batch of graphBatches(sampled, { size: 8, shuffle: true, rng: new Rng(7), workers }))
      found.push([
        ...(await batch.edgeIndex.data()),
        ...(await batch.nodes.data()),
        ...(await batch.seeds.data()),
      ]);
    return found;
  };
  const expected = await epoch(0);
  expect(expected).toHaveLength(Math.ceil(60 / 8));
  for (const count of [1, 2]) expect(await epoch(count)).toEqual(expected);
  expect(memory().numTensors).toBe(before);
});

class Sage extends Module {
  readonly conv1: SAGEConv;
  readonly conv2: SAGEConv;

  constructor(rng: Rng) {
    super();
    this.conv1 = new SAGEConv(16, 32, { rng });
    this.conv2 = new SAGEConv(32, 10, { rng });
  }

  forward({ x, edgeIndex }: ConvGraph): Tensor2D {
    return tidy(() => this.conv2.forward({ edgeIndex, x: relu(this.conv1.forward({ edgeIndex, x })) }));
  }
}

/** Bytes of the page and its workers, where the browser tells. */
async function bytesOfPage(): Promise<number> {
  const measure = (performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> })
    .measureUserAgentSpecificMemory;
  return measure === undefined ? NaN : (await measure.call(performance)).bytes;
}

test(
  "a page trains on a graph of blocks by workers' samples, in less than 2 GB",
  { timeout: 900_000 },
  async () => {
    const before = memory().numTensors;
    const model = new Sage(new Rng(0));
    const optimizer = new Optimizer(adam({ learningRate: 0.01 }), trainable(model));
    const workers = webWorkers(
      1,
      () => new Worker(new URL("workers/large.worker.js", import.meta.url), { type: "module" }),
    );
    const loader = graphBatches(large, { size: 128, shuffle: true, rng: new Rng(2), workers });
    for (let step = 0; step < steps;)
      for await (const batch of loader) {
        await trainStep(model, optimizer, () =>
          crossEntropy(
            gather(model.forward(batch as ConvGraph), batch.seeds),
            gather(batch.y as Tensor, batch.seeds),
          ),
        );
        if (++step === steps) break;
      }
    let [right, count] = [0, 0];
    const tests = neighborSampler(graph, [10, 10], { nodes: testNodes });
    for await (const batch of graphBatches(tests, { size: 500, rng: new Rng(0) })) {
      const guesses = tidy(() => argMax(gather(model.forward(batch as ConvGraph), batch.seeds), 1));
      const labels = tidy(() => gather(batch.y as Tensor, batch.seeds));
      const [found, wanted] = [await guesses.data(), await labels.data()];
      right += found.filter((guess, i) => guess === wanted[i]).length;
      count += wanted.length;
      guesses.dispose();
      labels.dispose();
    }
    const bytes = await bytesOfPage();
    optimizer.dispose();
    model.dispose();
    expect(right / count).toBeGreaterThan(0.3);
    if (!Number.isNaN(bytes)) expect(bytes).toBeLessThan(2e9);
    expect(memory().numTensors).toBe(before);
  },
);

test(
  "a page trains on the whole of that graph at once, in less than 2 GB",
  { timeout: 900_000 },
  async () => {
    const before = memory().numTensors;
    const all = toGraph(graph);
    const model = new Gcn(16, 32, 2, { rng: new Rng(0), outChannels: 10 });
    const optimizer = new Optimizer(adam({ learningRate: 0.02 }), trainable(model));
    const losses: number[] = [];
    for (let step = 0; step < steps / 2; step++)
      losses.push(
        await trainStep(model, optimizer, () => crossEntropy(model.forward(all), all.y as Tensor1D)),
      );
    const bytes = await bytesOfPage();
    optimizer.dispose();
    model.dispose();
    disposeLeaves(all);
    expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] ?? NaN));
    if (!Number.isNaN(bytes)) expect(bytes).toBeLessThan(2e9);
    expect(memory().numTensors).toBe(before);
  },
);
